import Corpus
import Spec

/// The tables of a run directory as text.
enum RunTables {
  /// `metrics.csv`: an epoch a row.
  static func metricsCSV(_ history: [EpochRecord]) -> String {
    guard let first = history.first else { return "" }
    return CSV.text(
      header: ["epoch"] + first.columns.map(\.name),
      rows: history.map { [String($0.epoch)] + $0.columns.map { CSV.number($0.value) } })
  }

  /// `metrics.jsonl`: the same, an object a line.
  static func metricsJSONL(_ history: [EpochRecord]) -> String {
    history.map { $0.json.text(.line) + "\n" }.joined()
  }

  /// A file of `splits`: the clips of one set in the order of the draw.
  ///
  /// - Parameter audio: what tells each clip's sound from others.
  static func split(_ indices: [Int], clips: [ClipReference], audio: [String]) -> String {
    CSV.text(
      header: ["file", "speaker", "label", "audio"],
      rows: indices.map { [clips[$0].relativePath, clips[$0].speaker ?? "", clips[$0].label, audio[$0]] })
  }

  /// `predictions.csv`: what the model says of each tested clip, classes by name.
  static func predictions(_ evaluation: Evaluation, clips: [ClipReference], classNames: [String]) -> String {
    CSV.text(
      header: ["file", "speaker", "label", "prediction"] + classNames.map { "p_\($0)" },
      rows: evaluation.clips.indices.map { row in
        let clip = clips[evaluation.clips[row]]
        let probabilities = evaluation.probabilities[row * evaluation.classes..<(row + 1) * evaluation.classes]
        return [
          clip.relativePath, clip.speaker ?? "", classNames[evaluation.truth[row]],
          classNames[evaluation.predictions[row]],
        ] + probabilities.map(\.description)
      })
  }
}
