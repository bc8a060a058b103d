import Diagnostics
import Training

extension ResultComparison {
  /// A row an experiment, all numbers in full.
  public var csv: String {
    var header = ["model"] + factors + ["runs", "seeds", "clips", "parameters"]
    for name in ResultRow.figureNames { header += [name, "\(name)_sd", "\(name)_lower", "\(name)_upper"] }
    header += ["accuracy_difference", "mcnemar_mid_p", "mcnemar_mid_p_holm", "within_noise"]
    return CSV.text(
      header: header,
      rows: rows.map { row in
        var fields = [row.model] + row.settings
        fields += [
          "\(row.runs.count)", row.runs.map { "\($0.seed)" }.joined(separator: " "),
          "\(row.first.test.confusion.total)",
          row.first.parameters.map(String.init) ?? "",
        ]
        for figure in row.figures {
          fields += [figure.mean, figure.deviation, figure.interval?.lower, figure.interval?.upper].map {
            $0.map(CSV.number) ?? ""
          }
        }
        guard case .tested(let test) = row.standing else { return fields + ["", "", "", ""] }
        return fields + [
          CSV.number(test.accuracyDifference), CSV.number(test.mcNemar.midP), CSV.number(test.adjusted),
          test.isWithinNoise ? "true" : "false",
        ]
      })
  }

  /// The document of `compare --format json`.
  public var json: JSON {
    [
      "factors": .array(factors.map(JSON.string)),
      "baseline": .string(rows[baseline].title),
      "bootstrap": [
        "unit": .string(unit.rawValue), "units": .integer(units), "draws": .integer(draws), "level": 0.95,
      ],
      "experiments": .array(rows.map(document)),
      "remarks": .array(remarks.map(JSON.string)),
    ]
  }

  private func document(_ row: ResultRow) -> JSON {
    [
      "title": .string(row.title), "model": .string(row.model),
      "settings": .object(zip(factors, row.settings).map { (key: $0, value: Self.value($1)) }),
      "runs": .array(row.runs.map { ["run_dir": .string($0.path), "seed": .integer($0.seed)] }),
      "parameters": .optional(row.first.parameters), "macs": .optional(row.first.multiplyAdds),
      "test": .object(row.figures.map { (key: $0.name, value: Self.figure($0)) }),
      "against_baseline": standing(row.standing),
      "differences": .array(row.specDifferences.map(JSON.string)),
    ]
  }

  private static func figure(_ figure: ResultRow.Figure) -> JSON {
    [
      "mean": .number(figure.mean), "deviation": .optional(figure.deviation),
      "lower": .optional(figure.interval?.lower),
      "upper": .optional(figure.interval?.upper),
    ]
  }

  private func standing(_ standing: ResultRow.Standing) -> JSON {
    switch standing {
    case .baseline: return "baseline"
    case .otherClips: return "other test clips"
    case .tested(let test):
      let differences = test.differences.map { difference in
        (
          key: difference.name,
          value: [
            "difference": .number(difference.value), "lower": .number(difference.interval.lower),
            "upper": .number(difference.interval.upper),
          ] as JSON
        )
      }
      return [
        "within_noise": .boolean(test.isWithinNoise), "differences": .object(differences),
        "mcnemar": [
          "only_this_right": .integer(test.mcNemar.onlyFirst), "only_baseline_right": .integer(test.mcNemar.onlySecond),
          "exact_p": .number(test.mcNemar.exact), "mid_p": .number(test.mcNemar.midP),
          "mid_p_holm": .number(test.adjusted), "seed": .integer(test.seeds.row),
          "baseline_seed": .integer(test.seeds.baseline),
        ],
      ]
    }
  }

  private static func value(_ text: String) -> JSON {
    if text == "—" { return .null }
    if let whole = Int(text) { return .integer(whole) }
    return Double(text).map { .number($0) } ?? .string(text)
  }
}
