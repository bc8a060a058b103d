import Diagnostics
import Foundation
import Spec
import Training

/// Finished runs side by side: figures with their uncertainty, tests of their differences, and what their specs say differently.
public struct ResultComparison: Sendable {
  /// What the intervals are drawn over.
  public enum Unit: String, Sendable, CaseIterable {
    /// Speakers with all their clips, which are alike.
    case speaker
    case clip
  }

  public struct Options: Sendable {
    /// nil takes speakers where every tested clip has one, else clips.
    public var unit: Unit?
    public var draws: Int
    public var seed: UInt64
    /// The run directory whose experiment others are tested against; nil takes the one of the highest accuracy.
    public var baseline: String?

    public init(unit: Unit? = nil, draws: Int = 2000, seed: UInt64 = 0, baseline: String? = nil) {
      self.unit = unit
      self.draws = draws
      self.seed = seed
      self.baseline = baseline
    }
  }

  /// By model in the order of the first run of each, then by their settings.
  public let rows: [ResultRow]
  /// The index of the row that others are tested against.
  public let baseline: Int
  /// Whether it is the best rather than one that was asked for.
  public let baselineIsBest: Bool
  /// What varies between the rows, in the order of their `settings`.
  public let factors: [String]
  /// What the intervals are drawn over, and how many there are in the baseline's test set.
  public let unit: Unit
  public let units: Int
  public let draws: Int
  /// Whether the rows have several models.
  public let hasModels: Bool
  let factorValues: [[String]]

  /// Compares runs, of which there is at least one.
  ///
  /// - Throws: `DiagnosticFailure` with `data.no_baseline` where the baseline is not among the runs.
  public init(_ runs: [RunRecord], options: Options = Options()) throws {
    precondition(!runs.isEmpty, "there is something to compare")
    var groups: [(key: String, runs: [RunRecord])] = []
    for run in runs {
      let key = Self.key(run)
      if let index = groups.firstIndex(where: { $0.key == key }) {
        // The same run given twice is one.
        if !groups[index].runs.contains(where: { $0.path == run.path }) { groups[index].runs.append(run) }
      } else {
        groups.append((key, [run]))
      }
    }
    var rows = groups.map { ResultRow($0.runs) }
    let factors = Factors(rows.map { SpecSettings($0.first.spec) }, names: rows.map(\.first.modelName))
    self.factors = factors.factors.map(\.name)
    factorValues = factors.factors.map(\.values)
    hasModels = Set(factors.models).count > 1
    for index in rows.indices {
      rows[index].model = factors.models[index]
      rows[index].settings = factors.factors.map { $0.texts[index] }
      rows[index].title = Self.title(factors, index, hasModels: hasModels)
    }
    rows = Self.ordered(rows, factorValues)
    baselineIsBest = options.baseline == nil
    baseline = try Self.baseline(rows, options.baseline)
    let reference = rows[baseline].first.predictions
    let speakers = reference.speakers
    let hasSpeakers = !speakers.contains("") && Set(speakers).count > 1
    unit = options.unit ?? (hasSpeakers ? .speaker : .clip)
    if unit == .speaker, !hasSpeakers {
      throw DiagnosticFailure([
        Diagnostic(
          "data.no_speakers", "the names of the tested clips do not tell at least two speakers",
          detail: "Draw over clips: --resample clip.")
      ])
    }
    draws = options.draws
    units = unit == .speaker ? Set(speakers).count : reference.files.count
    ResultTests(options: options, unit: unit).run(on: &rows, baseline: baseline)
    for index in rows.indices where index != baseline {
      rows[index].specDifferences = Self.differences(rows[baseline], rows[index])
    }
    self.rows = rows
  }

  public var runs: [RunRecord] { rows.flatMap(\.runs) }

  /// Rows by accuracy, the best first.
  public var ranking: [Int] { rows.indices.sorted { (rows[$1].accuracy, $0) < (rows[$0].accuracy, $1) } }

  /// The best row of each model, in the order of models.
  public var bestOfModels: [Int] {
    var best: [(model: String, row: Int)] = []
    for (index, row) in rows.enumerated() {
      if let place = best.firstIndex(where: { $0.model == row.model }) {
        if row.accuracy > rows[best[place].row].accuracy { best[place].row = index }
      } else {
        best.append((row.model, index))
      }
    }
    return best.map(\.row)
  }

  /// What readers must know of the data: that it is synthesized, that speakers stand on both sides, that test sets differ.
  public var remarks: [String] {
    var remarks: [String] = []
    if runs.contains(where: \.isSynthesized) {
      let all = runs.allSatisfy(\.isSynthesized)
      remarks.append(
        (all ? "The speech is synthesized" : "The speech of some runs is synthesized")
          + ": these figures say that the program works, nothing about people.")
    }
    let shared = runs.compactMap(\.testSpeakers).filter { $0.alsoTrain > 0 }
    if let most = shared.max(by: { $0.alsoTrain < $1.alsoTrain }) {
      remarks.append(
        "Speakers stand on both sides of the split: \(most.alsoTrain) of \(most.all) tested speakers are trained on, too. "
          + "On other people the models will do worse.")
    }
    let others = rows.filter { if case .otherClips = $0.standing { true } else { false } }
    if !others.isEmpty {
      remarks.append(
        "Not tested against the baseline, since their test clips are others: "
          + others.map(\.title).joined(separator: "; ") + ".")
    }
    if unit == .speaker, units < 10 {
      remarks.append("The test set has \(units) speakers: intervals over so few are too narrow.")
    }
    return remarks
  }

  private static func ordered(_ rows: [ResultRow], _ values: [[String]]) -> [ResultRow] {
    // By name, `resnet38` before `resnet101`: the directories of a sweep come in no order that means something.
    let models = Set(rows.map(\.model)).sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    func rank(_ row: ResultRow) -> [Int] {
      [models.firstIndex(of: row.model) ?? 0] + zip(row.settings, values).map { $1.firstIndex(of: $0) ?? 0 }
    }
    let ranks = rows.map(rank)
    return rows.indices.sorted { a, b in
      ranks[a] == ranks[b] ? a < b : ranks[a].lexicographicallyPrecedes(ranks[b])
    }.map { rows[$0] }
  }

  private static func title(_ factors: Factors, _ index: Int, hasModels: Bool) -> String {
    var parts = hasModels || factors.factors.isEmpty ? [factors.models[index]] : []
    for factor in factors.factors.prefix(4) {
      let text = factor.texts[index]
      if text == "—" { continue }
      parts.append(factor.path == SpecSettings.activationPath ? text : "\(factor.name) \(text)")
    }
    return parts.joined(separator: ", ")
  }

  /// All of the spec but its name and seed.
  private static func key(_ run: RunRecord) -> String {
    SpecSettings(run.spec).values.map { "\($0.path)=\($0.text)" }.joined(separator: "\n")
  }

  private static func baseline(_ rows: [ResultRow], _ path: String?) throws -> Int {
    guard let path else {
      return rows.indices.max { (rows[$0].accuracy, $1) < (rows[$1].accuracy, $0) } ?? 0
    }
    func trimmed(_ path: String) -> String {
      var path = path
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      return path
    }
    let wanted = trimmed(path)
    if let index = rows.firstIndex(where: { row in
      row.runs.contains { trimmed($0.path) == wanted || $0.folderName == wanted || $0.spec.hash.hasPrefix(wanted) }
    }) {
      return index
    }
    throw DiagnosticFailure([
      Diagnostic(
        "data.no_baseline", "'\(path)' is none of the runs that are compared",
        detail: "--baseline takes one of the run directories, or the start of a run's hash.")
    ])
  }

  private static func differences(_ a: ResultRow, _ b: ResultRow) -> [String] {
    guard let before = try? ModelDescription(a.first.spec), let after = try? ModelDescription(b.first.spec) else {
      return []
    }
    let comparison = ExperimentComparison(
      .init(a.first.path, a.first.spec, before), .init(b.first.path, b.first.spec, after))
    return ComparisonRow.rows(of: comparison).filter { $0.name != "seed" }.map { row in
      let area = row.area == .model ? "" : "\(row.area.rawValue) "
      return "\(row.kind.mark) \(area)\(row.name): \(row.what)" + (row.count > 1 ? " (\(row.count) times)" : "")
    }
  }
}
