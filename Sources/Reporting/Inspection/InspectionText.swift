import Corpus
import Diagnostics
import Foundation
import Training

extension InspectionReport {
  /// The report for a terminal: tables, then what was found, clip by clip.
  ///
  /// - Parameters:
  ///   - limit: at most so many clips are named for each check.
  public func text(color: Bool, limit: Int) -> String {
    let colour = TextColour(isOn: color)
    var parts = [heading(colour), classTable]
    if !tables.speakers.isEmpty { parts.append(speakerTable) }
    parts += [formatTable, durationText]
    if let fixed = tables.fixedLength { parts.append(lengthText(fixed)) }
    parts += findingTexts(colour, limit: limit)
    parts.append(verdict(colour))
    return parts.map { $0.trimmingCharacters(in: .newlines) }.joined(separator: "\n\n")
  }

  private func heading(_ colour: TextColour) -> String {
    var parts = ["\(grouped(inspection.clips.count)) clips", "\(tables.classes.count) classes"]
    if !tables.speakers.isEmpty { parts.append("\(tables.speakers.count) speakers") }
    parts.append(Self.time(tables.seconds.reduce(0, +)))
    return colour.paint(name, .title) + ": " + parts.joined(separator: ", ")
  }

  private var classTable: String {
    var table = TextTable([
      .init("class"), .init("name"), .init("clips", .right), .init("share", .right), .init("speakers", .right),
      .init("total", .right), .init("mean", .right), .init("shortest", .right), .init("longest", .right),
      .init("level", .right),
    ])
    for row in tables.classes {
      let share = Double(row.clips) / Double(max(1, inspection.clips.count))
      table.add(
        [row.key, row.name, grouped(row.clips), Self.percent(share), row.others == 0 ? "" : String(row.others)]
          + Self.durations(row) + [Self.level(row.level)])
    }
    return table.text()
  }

  private var speakerTable: String {
    var table = TextTable([
      .init("speaker"), .init("clips", .right), .init("classes", .right), .init("total", .right),
      .init("mean", .right), .init("shortest", .right), .init("longest", .right), .init("level", .right),
    ])
    for row in tables.speakers {
      table.add([row.key, grouped(row.clips), String(row.others)] + Self.durations(row) + [Self.level(row.level)])
    }
    return table.text()
  }

  private var formatTable: String {
    TextTable(
      [.init("format"), .init("clips", .right)], rows: tables.formats.map { [$0.format, grouped($0.clips)] }
    ).text()
  }

  private var durationText: String {
    let values = Self.shares.compactMap { Quantiles.value($0, tables.seconds) }
    guard let least = tables.seconds.first, let most = tables.seconds.last else { return "no clip can be decoded" }
    let titles = ["duration"] + Self.shares.map { $0 == 0.5 ? "median" : "\(Int($0 * 100))%" }
    let columns = titles.enumerated().map { TextTable.Column($1, $0 == 0 ? .left : .right) }
    let cells = values.map(Self.seconds)
    return TextTable(
      [columns[0], .init("least", .right)] + columns.dropFirst() + [.init("most", .right)],
      rows: [["of clips", Self.seconds(least)] + cells + [Self.seconds(most)]]
    ).text()
  }

  private func lengthText(_ fixed: InspectionTables.FixedLength) -> String {
    let total = tables.seconds.reduce(0, +)
    let filled = fixed.seconds * Double(tables.seconds.count)
    func mean(_ seconds: Double, _ count: Int) -> String { Self.seconds(seconds / Double(max(1, count))) }
    return """
      a fixed length of \(Self.seconds(fixed.seconds)) cuts \(grouped(fixed.cut)) clips, by \
      \(mean(fixed.cutSeconds, fixed.cut)) on average: \(Self.percent(fixed.cutSeconds / max(total, 1e-9))) of all sound
      and pads \(grouped(fixed.padded)), by \(mean(fixed.paddedSeconds, fixed.padded)) \
      on average: \(Self.percent(fixed.paddedSeconds / max(filled, 1e-9))) of what the model reads
      """
  }

  /// One block for each check that found something.
  private func findingTexts(_ colour: TextColour, limit: Int) -> [String] {
    InspectionCheck.allCases.compactMap { check -> String? in
      let found = inspection.findings.filter { $0.check == check }
      guard let first = found.first else { return nil }
      let isError = first.severity == .error
      let sign = colour.paint(first.severity.rawValue, isError ? .removed : .changed)
      let noun = found.count == 1 ? "1 clip" : "\(grouped(found.count)) clips"
      var lines = ["\(sign): \(check.title): \(noun)"]
      lines += found.prefix(limit).map { "  \(printable($0.file)): \(printable($0.summary))" }
      if found.count > limit { lines.append("  and \(grouped(found.count - limit)) more (--all names them)") }
      return lines.joined(separator: "\n")
    }
  }

  private func verdict(_ colour: TextColour) -> String {
    if errors > 0 {
      let what = errors == 1 ? "1 error stops a run" : "\(grouped(errors)) errors stop a run"
      let leftOut = "`--set on_bad_clip=skip` leaves clips out that cannot be used."
      let isOfClips = inspection.findings.contains { $0.severity == .error }
      return colour.paint(what, .removed) + "; \(Self.count(warnings))." + (isOfClips ? " \(leftOut)" : "")
    }
    return "Nothing stops a run; \(Self.count(warnings))."
  }

  private static func count(_ warnings: Int) -> String {
    warnings == 1 ? "1 warning" : "\(grouped(warnings)) warnings"
  }

  private static func durations(_ group: InspectionTables.Group) -> [String] {
    [
      time(group.totalSeconds), group.meanSeconds.map(seconds) ?? "", group.seconds.first.map(seconds) ?? "",
      group.seconds.last.map(seconds) ?? "",
    ]
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.2f s", value) }

  private static func time(_ seconds: Double) -> String {
    seconds < 5400 ? String(format: "%.1f min", seconds / 60) : String(format: "%.2f h", seconds / 3600)
  }

  private static func level(_ level: Double?) -> String { level.map { String(format: "%.1f dB", $0) } ?? "" }

  private static func percent(_ share: Double) -> String { String(format: "%.1f%%", share * 100) }
}
