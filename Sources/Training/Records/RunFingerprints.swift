import Diagnostics

/// What tells early that a run made again is another: the content of `fingerprints.json`.
struct RunFingerprints {
  static let fileName = "fingerprints.json"

  /// For each feature a digest of its values on the clips of all sets, in their order.
  let features: [(name: String, digest: String)]
  /// The loss of the first training step; nil before it is made.
  var firstLoss: Double?

  init(features: [(name: String, digest: String)], firstLoss: Double?) {
    (self.features, self.firstLoss) = (features, firstLoss)
  }

  /// Reads those of the run `directory`; nil where there are none.
  static func read(_ directory: String) -> RunFingerprints? {
    guard let json = try? RunReader.json("\(directory)/\(fileName)"), let features = json["features"]?.asObject else {
      return nil
    }
    return RunFingerprints(
      features: features.map { ($0.key, $0.value.asString ?? "") }, firstLoss: json["first_step_loss"]?.asNumber)
  }

  /// Writes them whole into the run `directory`.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  func write(to directory: String) throws {
    let document: JSON = [
      "features": .object(features.map { (key: $0.name, value: .string($0.digest)) }),
      "first_step_loss": .optional(firstLoss),
    ]
    try AtomicFile.write(document.text(), to: "\(directory)/\(Self.fileName)")
  }
}
