import Corpus
import Diagnostics

extension [FeatureStandard] {
  /// The content of a run's `standardize.json`, and what checkpoints say of it: feature, what shares a mean, means and scales.
  public var json: JSON {
    .object(
      map { standard in
        (
          key: standard.feature,
          value: [
            "over": .string(standard.over), "mean": .array(standard.mean.map { JSON.number($0) }),
            "scale": .array(standard.scale.map { JSON.number($0) }),
          ]
        )
      })
  }

  /// Reads such a document; nil where it is none.
  public init?(json: JSON) {
    guard let members = json.asObject else { return nil }
    self = members.compactMap { name, value in
      guard let over = value["over"]?.asString, let mean = value["mean"]?.asArray, let scale = value["scale"]?.asArray
      else { return nil }
      let (means, scales) = (mean.compactMap(\.asNumber), scale.compactMap(\.asNumber))
      guard means.count == mean.count, scales.count == scale.count, means.count == scales.count else { return nil }
      return FeatureStandard(feature: name, over: over, mean: means.map { Float($0) }, scale: scales.map { Float($0) })
    }
    if count != members.count { return nil }
  }
}

extension FeatureStore {
  /// Standardizes batches by values that were fitted before; `path` is where they came from.
  ///
  /// - Throws: `DiagnosticFailure` (`data.run_damaged`) where a feature has none.
  func take(_ standards: [FeatureStandard], from path: String) throws {
    let missing = take(standards)
    if missing.isEmpty { return }
    throw RunDamage.of(path, "has no mean and scale for standardize of \(missing.joined(separator: ", "))")
  }
}
