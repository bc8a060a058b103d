import Corpus
import Diagnostics
import Spec

extension InspectionReport {
  /// The report as one document.
  public var json: JSON {
    var document: [(key: String, value: JSON)] = [
      ("corpus", .string(name)), ("clips", .integer(inspection.clips.count)),
      ("seconds", .number(tables.seconds.reduce(0, +))), ("errors", .integer(errors)), ("warnings", .integer(warnings)),
      (
        "checks",
        .object(
          InspectionCheck.allCases.map { check in
            (check.rawValue, .integer(inspection.findings.count { $0.check == check }))
          })
      ),
      ("findings", .array(inspection.findings.map(Self.finding))),
      ("classes", .array(tables.classes.map { group($0, key: "code", others: "speakers") })),
      ("speakers", .array(tables.speakers.map { group($0, key: "speaker", others: "classes") })),
      ("formats", .array(tables.formats.map { ["format": .string($0.format), "clips": .integer($0.clips)] })),
      ("durations_s", durations),
    ]
    if let fixed = tables.fixedLength {
      document.append(
        (
          "fixed_length",
          [
            "seconds": .number(fixed.seconds), "cut": .integer(fixed.cut), "cut_s": .number(fixed.cutSeconds),
            "padded": .integer(fixed.padded), "padded_s": .number(fixed.paddedSeconds),
          ]
        ))
    }
    document.append(
      (
        "diagnostics",
        .array(
          diagnostics.map {
            [
              "id": .string($0.id), "severity": .string($0.severity.rawValue), "summary": .string($0.summary),
              "detail": .optional($0.detail),
            ]
          })
      ))
    return .object(document)
  }

  private static func finding(_ finding: InspectionFinding) -> JSON {
    [
      "check": .string(finding.check.rawValue), "severity": .string(finding.severity.rawValue),
      "file": .string(finding.file), "summary": .string(finding.summary), "id": .optional(finding.id),
      "others": .array(finding.others.map(JSON.string)),
    ]
  }

  private func group(_ group: InspectionTables.Group, key: String, others: String) -> JSON {
    var members: [(key: String, value: JSON)] = [(key, .string(group.key))]
    if group.name != group.key { members.append(("name", .string(group.name))) }
    return .object(
      members + [
        ("clips", .integer(group.clips)), (others, .integer(group.others)), ("seconds", .number(group.totalSeconds)),
        ("mean_s", .optional(group.meanSeconds)), ("min_s", .optional(group.seconds.first)),
        ("max_s", .optional(group.seconds.last)), ("level_db", .optional(group.level)),
      ])
  }

  private var durations: JSON {
    let shares: [(String, Double)] =
      [("min", 0), ("p5", 0.05), ("p25", 0.25), ("median", 0.5), ("p75", 0.75)]
      + [("p95", 0.95), ("max", 1)]
    return .object(shares.map { ($0.0, .optional(Quantiles.value($0.1, tables.seconds))) })
  }
}
