import Diagnostics
import Foundation
import Spec

/// Reads run directories.
public enum RunReader {
  /// The run directories that `argument` stands for: itself; those of its cells, for the folder of a sweep; or those below it, by name.
  ///
  /// - Throws: `DiagnosticFailure` with `data.not_a_run` where there is none.
  public static func find(_ argument: String) throws -> [String] {
    var folder = argument
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    if isRun(folder) { return [folder] }
    if let cells = try sweep(folder) { return cells }
    let found = runs(below: folder, depth: 2)
    if !found.isEmpty { return found }
    throw DiagnosticFailure([
      Diagnostic(
        "data.not_a_run", "'\(argument)' is no run directory and holds none",
        detail: "A run directory has summary.json, predictions.csv and spec.resolved.yaml: 'serspec run' makes it.")
    ])
  }

  /// Reads the records of a finished run.
  ///
  /// - Throws: `DiagnosticFailure`: `data.run_unfinished` where the run has no end yet, `data.run_damaged` with file and line where a
  ///   record is not what a run wrote, `run.read_failed`, or what is wrong with its spec.
  public static func read(_ path: String) throws -> RunRecord {
    var swept = SweptSpecs()
    return try read(path, swept: &swept)
  }

  /// The same for one of several runs, which share what is known of sweeps.
  public static func read(_ path: String, swept: inout SweptSpecs) throws -> RunRecord {
    if let status = try? StatusRecord.read("\(path)/status.json"), status.state != .finished {
      throw DiagnosticFailure([
        Diagnostic(
          "data.run_unfinished",
          "the run '\(path)' is not finished: \(status.state.rawValue), \(status.epoch) of \(status.epochs) epochs",
          detail: "'serspec run SPEC --resume' goes on with it.")
      ])
    }
    let summary = try json("\(path)/summary.json")
    let resolution = resolve(path: "\(path)/spec.resolved.yaml", vocabulary: .standard)
    guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
    let classNames = spec.corpus.classes.map(\.name)
    let predictions = try self.predictions("\(path)/predictions.csv", classNames: classNames)
    let matrix = ConfusionMatrix(
      classes: classNames.count, truth: predictions.truth, predictions: predictions.predictions)
    let recorded = summary["test"]?["confusion"]?.asArray?.map { $0.asArray?.compactMap(\.asInteger) ?? [] }
    guard recorded == matrix.rows else {
      throw RunDamage.of("\(path)/predictions.csv", "and summary.json tell other results")
    }
    if let damaged = RunManifest.damaged(path).first {
      throw RunDamage.of("\(path)/\(damaged)", "is not the file that the run wrote: its digest is another")
    }
    return RunRecord(
      path: path, spec: spec, summary: summary, classNames: classNames, test: ClassificationMetrics(matrix),
      predictions: predictions, history: try history("\(path)/metrics.csv"),
      environment: try? json("\(path)/env.json"), extended: swept.spec(ofRun: path))
  }

  /// Reads `predictions.csv` of a run over `classNames`.
  ///
  /// - Throws: `DiagnosticFailure` as `read`.
  public static func predictions(_ path: String, classNames: [String]) throws -> RunRecord.Predictions {
    let records = try RunTable(path)
    let (file, speaker) = (try records.column("file"), try records.column("speaker"))
    let (label, prediction) = (try records.column("label"), try records.column("prediction"))
    let shares = try classNames.map { try records.column("p_\($0)") }
    let indices = Dictionary(classNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var (truth, predicted, probabilities): ([Int], [Int], [Float]) = ([], [], [])
    var seen: Set<String> = []
    for row in records.table.rows {
      func index(_ column: Int) throws -> Int {
        guard let index = indices[row.fields[column]] else {
          throw RunDamage.at(
            row.line, of: records.source, "names a class '\(row.fields[column])' that the spec does not have")
        }
        return index
      }
      truth.append(try index(label))
      predicted.append(try index(prediction))
      for column in shares {
        guard let share = Float(row.fields[column]) else {
          throw RunDamage.at(row.line, of: records.source, "has '\(row.fields[column])' where a probability belongs")
        }
        probabilities.append(share)
      }
      if !seen.insert(row.fields[file]).inserted {
        throw RunDamage.at(row.line, of: records.source, "names the clip '\(row.fields[file])' a second time")
      }
    }
    if truth.isEmpty { throw RunDamage.of(path, "has no clip") }
    return RunRecord.Predictions(
      files: records.table.rows.map { $0.fields[file] }, speakers: records.table.rows.map { $0.fields[speaker] },
      truth: truth,
      predictions: predicted, probabilities: probabilities)
  }

  /// Reads `metrics.csv`.
  ///
  /// - Throws: `DiagnosticFailure` as `read`.
  public static func history(_ path: String) throws -> RunRecord.History {
    let records = try RunTable(path)
    var columns = [[Double]](repeating: [], count: records.table.header.count)
    for row in records.table.rows {
      for (index, field) in row.fields.enumerated() {
        guard let value = Double(field) else {
          throw RunDamage.at(row.line, of: records.source, "has '\(field)' where a number belongs")
        }
        columns[index].append(value)
      }
    }
    return RunRecord.History(names: records.table.header, columns: columns)
  }

  /// Reads a JSON record.
  ///
  /// - Throws: `DiagnosticFailure` as `read`.
  public static func json(_ path: String) throws -> JSON {
    let bytes = try ReadableFile.contents(path)
    do {
      return try JSON.parse(bytes)
    } catch {
      let source = SourceFile(name: path, text: bytes)
      let line = source.lineStarts.lastIndex { $0 <= error.offset } ?? 0
      throw RunDamage.at(line + 1, of: source, "is not JSON: \(error.message)")
    }
  }

  /// The run directories of a sweep's cells, given its folder or its record; nil where it is neither.
  private static func sweep(_ argument: String) throws -> [String]? {
    let record = argument.hasSuffix("/sweep.json") ? argument : argument + "/sweep.json"
    guard FileManager.default.fileExists(atPath: record) else { return nil }
    let above = URL(fileURLWithPath: record).deletingLastPathComponent().deletingLastPathComponent().relativePath
    var known: Set<String> = []
    let folders = try SweepRecord.read(record).entries.map(\.run).filter { known.insert($0).inserted }
    return folders.map { above == "." ? $0 : above + "/" + $0 }.filter(FileFailure.isFolder)
  }

  /// Whether `folder` is that of a run.
  static func isRun(_ folder: String) -> Bool {
    ["status.json", "summary.json", "spec.resolved.yaml"].contains {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
  }

  private static func runs(below folder: String, depth: Int) -> [String] {
    guard depth > 0 else { return [] }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return names.filter { !$0.hasPrefix(".") && FileFailure.isFolder("\(folder)/\($0)") }.flatMap { name in
      let path = "\(folder)/\(name)"
      return isRun(path) ? [path] : runs(below: path, depth: depth - 1)
    }
  }
}
