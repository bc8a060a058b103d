import Corpus
import Diagnostics
import Foundation
import Spec

/// Everything that `doctor` looks at: the clips one by one, and whether a run could divide what is usable of them.
public struct CorpusExamination: Sendable {
  public let inspection: CorpusInspection
  /// About the corpus as a whole: odd names, speakers on both sides, a split that cannot be drawn.
  public let diagnostics: [Diagnostic]

  /// Lists and decodes the clips of the corpus of `spec`.
  ///
  /// - Parameters:
  ///   - data: the corpus's folder, if it is given.
  ///   - progress: told how many clips are done, from any thread.
  /// - Throws: `DiagnosticFailure` where there are no clips (`data.*`), or the audio part of the spec does not fit together.
  public init(
    _ spec: ExperimentSpec, data: String?, threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let list = try ClipList(spec, data: data)
    let total = list.clips.count
    inspection = try CorpusInspection(
      spec, clips: list.clips, leftOut: list.leftOut, threads: threads, progress: { progress($0, total) })
    do {
      let split = try list.split(by: spec.split)
      diagnostics =
        list.warnings + Self.emptySets(of: split, without: inspection.unusable)
        + Self.shared(inspection, split: split)
    } catch let failure as DiagnosticFailure {
      diagnostics = list.warnings + failure.diagnostics
    }
  }

  /// Errors for sets in which no clip can be used.
  private static func emptySets(of split: Split, without unusable: Set<Int>) -> [Diagnostic] {
    [("training", split.train), ("validation", split.val), ("test", split.test)].filter { set in
      !set.1.isEmpty && set.1.allSatisfy(unusable.contains)
    }.map { name, clips in
      Diagnostic(
        "data.set_empty", "no usable clip is left in the \(name) set",
        detail: "All of its \(clips.count) clips are at fault.")
    }
  }

  /// A warning where the same samples train and are tested.
  private static func shared(_ inspection: CorpusInspection, split: Split) -> [Diagnostic] {
    func digests(_ clips: [Int]) -> Set<String> { Set(clips.compactMap { inspection.measurements[$0]?.digest }) }
    let train = digests(split.train)
    let twice = (split.val + split.test).filter { clip in
      inspection.measurements[clip].map { train.contains($0.digest) } ?? false
    }
    guard !twice.isEmpty else { return [] }
    let names = twice.prefix(3).map { inspection.clips[$0].relativePath }
    return [
      Diagnostic(
        "data.samples_shared", .warning,
        "\(twice.count) clip\(twice.count == 1 ? "" : "s") of the validation and test sets also \(twice.count == 1 ? "trains" : "train"), under another name",
        detail:
          "Their samples are the same, so that the result is too good. For example: \(names.joined(separator: ", ")).")
    ]
  }
}
