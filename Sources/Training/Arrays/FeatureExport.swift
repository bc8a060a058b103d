import Audio
import Corpus
import Diagnostics
import Dispatch
import Foundation
import Spec
import Synchronization

/// The features of sound files as NumPy arrays: what `serspec features` writes.
public struct FeatureExport {
  /// What becomes of one feature.
  public struct Feature: Sendable {
    public let name: String
    /// [clips, ...] where all clips have one shape, else nil: then there is an array `NAME_INDEX` for each clip.
    public let shape: [Int]?
    /// The shape of each clip's values.
    public let clipShapes: [[Int]]
  }

  public let features: [Feature]
  /// Samples a second that the features are computed at.
  public let rate: Int
  private let arrays: [(name: String, array: NumpyArray)]

  /// Computes the features of `files`, each at its own length where the length policy does not fix it; `standardize`, which needs a
  /// training set, is left out.
  ///
  /// - Parameters:
  ///   - names: of the spec's features; those that its model reads where there are none.
  ///   - progress: told how many files are done, from any thread.
  /// - Throws: `DiagnosticFailure`: `input.unknown`, `name.reserved`, what is wrong with the audio part of the spec, or `data.*` for every
  ///   file that cannot be used.
  public init(
    _ spec: ExperimentSpec, files: [String], names: [String], threads: Int,
    progress: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    let pipeline = try FeaturePipeline(spec)
    let chosen = try Self.chosen(spec, pipeline, names)
    let results = Mutex<[Result<Values, DiagnosticFailure>?]>(Array(repeating: nil, count: files.count))
    let next = Atomic<Int>(0)
    let done = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, files.count))) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < files.count else { return }
        let result = Result { try Self.values(of: files[index], pipeline, chosen) }.mapError { error in
          error as? DiagnosticFailure
            ?? DiagnosticFailure(Diagnostic("data.audio_unreadable", "\(files[index]): \(error)"))
        }
        results.withLock { $0[index] = result }
        done.withLock {
          $0 += 1
          progress($0)
        }
      }
    }
    let outcomes = results.withLock { $0.compactMap { $0 } }
    let findings = outcomes.flatMap { outcome -> [Diagnostic] in
      if case .failure(let failure) = outcome { return failure.diagnostics }
      return []
    }
    if !findings.isEmpty { throw DiagnosticFailure(findings) }
    let clips = try outcomes.map { try $0.get() }
    rate = pipeline.rate
    var (features, arrays): ([Feature], [(name: String, array: NumpyArray)]) = ([], [])
    for (index, feature) in chosen.enumerated() {
      let shapes = clips.map { $0.shapes[index] }
      let isOne = Set(shapes).count == 1
      let shape = isOne ? shapes.first.map { [clips.count] + $0 } : nil
      features.append(Feature(name: feature.name, shape: shape, clipShapes: shapes))
      if let shape {
        arrays.append((feature.name, NumpyArray(shape: shape, parts: clips.map { $0.values[index] })))
      } else {
        arrays += clips.enumerated().map { number, clip in
          ("\(feature.name)_\(number)", NumpyArray(shape: clip.shapes[index], parts: [clip.values[index]]))
        }
      }
    }
    arrays.append((Self.list, NumpyArray(texts: files)))
    try Self.checkNames(arrays.map(\.name))
    (self.features, self.arrays) = (features, arrays)
  }

  /// How many arrays there are, the list of names among them.
  public var count: Int { arrays.count }

  /// Writes the arrays and the list `files` to `path` as an archive for `numpy.load`.
  ///
  /// - Throws: `DiagnosticFailure` (`run.write_failed`).
  public func write(to path: String) throws { try AtomicFile.write(arrays: arrays, to: path) }

  /// The name of the array of file names.
  private static let list = "files"

  private struct Values {
    let shapes: [[Int]]
    let values: [[Float]]
  }

  private static func chosen(
    _ spec: ExperimentSpec, _ pipeline: FeaturePipeline, _ names: [String]
  ) throws -> [FeaturePipeline.Feature] {
    if names.isEmpty { return spec.usedFeatures.compactMap { pipeline.feature($0.name.value) } }
    let known = pipeline.features.map(\.name)
    let unknown = names.filter { !known.contains($0) }.map { name in
      Diagnostic(
        "input.unknown", "the spec has no feature '\(name)'",
        detail: "Its features are \(known.joined(separator: ", ")).",
        suggestion: nearest(name, in: known))
    }
    if !unknown.isEmpty { throw DiagnosticFailure(unknown) }
    return names.enumerated().filter { names.firstIndex(of: $1) == $0 }.compactMap { pipeline.feature($1) }
  }

  /// Two arrays of one name would hide each other.
  private static func checkNames(_ names: [String]) throws {
    var seen: Set<String> = []
    guard let twice = names.first(where: { !seen.insert($0).inserted }) else { return }
    throw DiagnosticFailure(
      Diagnostic(
        "name.reserved", "two arrays would be called '\(twice)'",
        detail:
          "`\(list)` names the files, and NAME_0, NAME_1 and so on are the clips of a feature whose length varies. "
          + "Rename the feature, or choose others with --feature."))
  }

  private static func values(
    of file: String, _ pipeline: FeaturePipeline, _ features: [FeaturePipeline.Feature]
  ) throws -> Values {
    var waveform = pipeline.prepare(try AudioDecoder.decode(path: file))
    if let length = pipeline.fixedSamples { waveform = pipeline.fit(waveform, to: length) }
    guard waveform.count >= pipeline.minimumSamples else {
      throw DiagnosticFailure(
        Diagnostic(
          "data.clip_too_short", "\(file): the clip is too short for the features",
          detail:
            "It has \(waveform.count) samples at \(pipeline.rate) Hz, the features need \(pipeline.minimumSamples)."))
    }
    return Values(
      shapes: features.map { $0.shape.sizes(samples: waveform.count) },
      values: pipeline.extract(features, from: waveform))
  }
}
