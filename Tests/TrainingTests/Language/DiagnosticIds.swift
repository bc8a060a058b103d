import Foundation
import TestSupport

/// The ids of findings that the program can make, as far as its source tells.
enum DiagnosticIds {
  /// Every id that stands in Sources as the first argument of a finding or of what makes one, and `composed`.
  static func all() throws -> Set<String> {
    let texts = try sources()
    var ids = Set(composed)
    let direct = /Diagnostic\(\s*"([a-z_]+\.[a-z_]+)"/
    for text in texts { ids.formUnion(text.matches(of: direct).map { String($0.1) }) }
    // Some are handed on before they become part of a finding: whatever looks like an id of a known area is one.
    let areas = Set(ids.compactMap { $0.split(separator: ".").first })
    let quoted = /"([a-z_]+)\.([a-z_]+)"/
    for match in texts.flatMap({ $0.matches(of: quoted) })
    where areas.contains(match.1) && !fileEndings.contains(String(match.2)) {
      ids.insert("\(match.1).\(match.2)")
    }
    return ids.subtracting(others)
  }

  /// Ids that are put together, area and finding apart.
  static let composed = [
    // The parts of the vocabulary.
    "layer.unknown", "combinator.unknown", "audio_step.unknown", "feature_step.unknown", "length_policy.unknown",
    "split_policy.unknown", "optimizer.unknown", "schedule.unknown", "loss.unknown",
    // `OperationProblem`
    "expression.overflow", "expression.division", "expression.type", "expression.domain", "expression.arguments",
    "expression.index",
    // `FormulaReader`, and the expression parser's under the ids that they have in formulas
    "formula.operator", "formula.type", "formula.function", "formula.arguments", "formula.name", "formula.too_large",
    "formula.number", "formula.overflow", "formula.too_long", "formula.too_deep",
  ]

  /// Ids that no spec can bring `validate` to, each with the tests that are about it.
  static let testedElsewhere: [(id: String, where: String)] = [
    ("combinator.unknown", "never: a node's unknown key is key.unknown"),
    ("explain.unknown", "SpecTests: explain looks a path up"),
    ("sweep.missing", "SpecTests/SweepTests: a cell of a spec without a sweep"),
    ("sweep.index", "SpecTests/SweepTests: a cell that the sweep does not have"),
    ("corpus.not_synthesized", "CorpusTests: synth of a recorded corpus"),
    ("corpus.field_twice", "CorpusTests/TableTests: a column that is a field of the pattern"),
    ("split.left_out", "CorpusTests/NamedSplitTests: clips in no set"),
    ("split.class_absent", "CorpusTests/GroupSplitTests: a set without clips of a class"),
    ("split.policy", "never: what is not a finding of its own is shown as it is"),
  ]

  /// Phases after `validate`, whose tests are those of Corpus and Training.
  static let laterAreas = ["data", "run"]

  private static let fileEndings = ["yaml", "json", "jsonl", "csv", "svg", "log", "safetensors", "so"]
  /// Texts of the form of an id that are figures, paths of keys and tags of MLflow instead.
  static let others: Set<String> = [
    "val.loss", "val.accuracy", "train.loss", "train.accuracy", "train.epochs", "train.optimizer", "model.activation",
    "mlflow.user", "serspec.hash", "serspec.run_dir", "serspec.version",
  ]

  private static func sources() throws -> [String] {
    let folder = Shared.project.appendingPathComponent("Sources")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(".swift") }.map {
      try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
    }
  }
}
