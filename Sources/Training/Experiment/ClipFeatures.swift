import Audio
import Corpus
import Diagnostics
import Planning
import Spec

/// The features of a corpus's clips as batches for a model.
public final class ClipFeatures: BatchSource {
  public let labels: [Int]
  /// Clips that cannot be used, with the reason, in the corpus's order.
  public let leftOut: [(file: String, reason: String)]
  private let store: FeatureStore
  private let skipped: Set<Int>

  /// Reads all clips and computes what features can be computed clip by clip.
  ///
  /// - Parameters:
  ///   - graph: the model; only the features that it reads are computed, in the order of its inputs.
  ///   - progress: told how many clips are done, from any thread.
  /// - Throws: `DiagnosticFailure` that names every clip at fault (`data.*`); `RunInterrupted`.
  init(
    _ spec: ExperimentSpec, clips: [ClipReference], graph: LayerGraph, threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void, shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    labels = clips.map(\.classIndex)
    let sources = try ClipFeatures.sources(clips, corpus: spec.corpus)
    do {
      store = try FeatureStore(
        sources, pipeline: try FeaturePipeline(spec), features: graph.inputs.map(\.name), threads: threads,
        onBadClip: spec.onBadClip, progress: { progress($0, sources.count) }, shouldStop: shouldStop)
    } catch is CancellationError {
      throw RunInterrupted()
    }
    skipped = Set(store.skipped.map(\.clip))
    leftOut = store.skipped.map { (clips[$0.clip].relativePath, $0.finding.summary) }
  }

  /// `split` without the clips that were left out.
  ///
  /// - Throws: `DiagnosticFailure` (`data.set_empty`) where nothing is left of a set.
  func usable(_ split: Split) throws -> Split {
    func usable(_ indices: [Int], _ name: String) throws -> [Int] {
      let left = indices.filter { !skipped.contains($0) }
      guard !left.isEmpty else {
        throw DiagnosticFailure([
          Diagnostic(
            "data.set_empty", "no usable clip is left in the \(name) set",
            detail:
              "All of its \(indices.count) clips are at fault: \(leftOut.prefix(3).map(\.reason).joined(separator: "; "))."
          )
        ])
      }
      return left
    }
    return Split(
      train: try usable(split.train, "training"), val: try usable(split.val, "validation"),
      test: try usable(split.test, "test"))
  }

  public func batch(of clips: [Int]) throws -> Batch {
    let features = try store.batch(of: clips)
    return Batch(shapes: features.shapes, features: features.values, labels: clips.map { Int32(labels[$0]) })
  }

  private static func sources(_ clips: [ClipReference], corpus: CorpusSpec) throws -> [ClipSource] {
    let synthesizer = clips.contains { $0.audio == .synthesized } ? try SpeechSynthesizer(corpus: corpus) : nil
    return clips.map { clip in
      switch clip.audio {
      case .file(let path): .file(path)
      case .synthesized:
        ClipSource(name: clip.relativePath) {
          guard let synthesizer else { throw absent(clip) }
          return Clip(channels: [synthesizer.samples(for: clip)], rate: SpeechSynthesizer.rate)
        }
      case .absent: ClipSource(name: clip.relativePath) { throw absent(clip) }
      }
    }
  }

  private static func absent(_ clip: ClipReference) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic("data.audio_absent", "\(clip.relativePath): there is no audio of this clip, only its name")
    ])
  }
}
