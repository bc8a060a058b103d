import Foundation

/// Records of a run that never was, for tests of what reads them.
public struct MadeRun {
  /// The content of `spec.resolved.yaml`.
  public var spec: String
  public var classes: [String]
  public var truth: [Int]
  public var predictions: [Int]
  /// As many as clips; clip `i` is called `<prefix><i>.wav`.
  public var speakers: [String]
  public var prefix = "clip"
  public var epochs = 6
  public var synthesized = false
  public var sharedSpeakers = 0

  public init(spec: String, classes: [String], truth: [Int], predictions: [Int], speakers: [String]) {
    self.spec = spec
    self.classes = classes
    self.truth = truth
    self.predictions = predictions
    self.speakers = speakers
  }

  /// Writes the run's directory `name` below `folder`.
  public func write(to folder: TemporaryFolder, _ name: String) throws {
    let path = folder.file(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    func write(_ text: String, _ file: String) throws {
      try text.write(toFile: "\(path)/\(file)", atomically: true, encoding: .utf8)
    }
    try write(spec, "spec.resolved.yaml")
    var lines = [["file", "speaker", "label", "prediction"] + classes.map { "p_\($0)" }]
    for index in truth.indices {
      let shares = classes.indices.map { $0 == predictions[index] ? "0.75" : "0.05" }
      lines.append(
        ["\(prefix)\(index).wav", speakers[index], classes[truth[index]], classes[predictions[index]]] + shares)
    }
    try write(lines.map { $0.joined(separator: ",") + "\n" }.joined(), "predictions.csv")
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (label, prediction) in zip(truth, predictions) { confusion[label][prediction] += 1 }
    try write(
      """
      {"corpus": {"name": "made", "synthesized": \(synthesized)},
       "split": {"train": 9, "val": 1, "test": \(truth.count), "test_speakers": \(Set(speakers).count),
                 "test_speakers_also_in_train": \(sharedSpeakers)},
       "model": {"parameters": 1234, "macs": 5678}, "epochs": \(epochs),
       "best": {"epoch": \(epochs), "metric": "val.loss", "value": 0.5}, "test": {"confusion": \(confusion)}}
      """, "summary.json")
    let rows = (1...epochs).map { epoch in
      "\(epoch),\(0.001 * Double(epoch)),\(1 / Double(epoch)),0.5,\(2 / Double(epoch)),0.4,0.45\n"
    }
    try write(
      "epoch,learning_rate,train.loss,train.accuracy,val.loss,val.accuracy,val.uar\n" + rows.joined(), "metrics.csv")
    try write(
      """
      {"state": "finished", "epoch": \(epochs), "epochs": \(epochs), "best_epoch": \(epochs),
       "started_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:05Z", "pid": 1, "message": null}
      """, "status.json")
    try write("{\"serspec\": \"0.1.0\", \"libraries\": {\"blas\": \"<none> & such\"}}", "env.json")
  }
}
