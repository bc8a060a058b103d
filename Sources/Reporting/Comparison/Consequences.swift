import Planning
import Training

/// What follows from the changes, in words that the text and the Markdown form share.
extension ExperimentComparison {
  /// Sums over the model before and after, with the difference where there is one.
  var totals: [(name: String, before: String, after: String, change: String)] {
    [("parameters", model.parameters), ("multiply-adds", model.multiplyAdds)].map { name, figures in
      let difference = figures.after - figures.before
      let share = figures.before == 0 ? "" : " (\(Self.percent(difference, of: figures.before)))"
      let change = difference == 0 ? "" : (difference > 0 ? "+" : "-") + grouped(abs(difference)) + share
      return (name, grouped(figures.before), grouped(figures.after), change)
    }
  }

  /// Which features need not be computed again.
  var featureText: String {
    let kept = features.filter(\.reasons.isEmpty).map(\.name)
    let new = features.filter { !$0.reasons.isEmpty }.map { "\($0.name) (\(Self.because($0.reasons)))" }
    let parts = [
      kept.isEmpty ? "" : "\(kept.joined(separator: ", ")) can be reused",
      new.isEmpty ? "" : "to be computed: \(new.joined(separator: ", "))",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// Whether the same clips train and test.
  var splitText: String {
    splitReasons.isEmpty
      ? "the same clips train and test"
      : "other clips, since \(Self.because(splitReasons)) \(splitReasons.count == 1 ? "differs" : "differ")"
  }

  /// How far a checkpoint of the first loads into the second, and what does not.
  var checkpointText: String {
    if checkpoint.matching == checkpoint.wanted {
      return "all \(checkpoint.wanted) tensors load"
        + (checkpoint.unused.isEmpty ? "" : ", \(checkpoint.unused.count) are left over")
    }
    let reshaped = checkpoint.reshaped.map { "\($0.after.name) \($0.before.shape) → \($0.after.shape)" }
    let missing = Self.gathered(checkpoint.missing.map(\.name))
    let shown = (reshaped + missing).prefix(6)
    let more = reshaped.count + missing.count - shown.count
    return "\(checkpoint.matching) of \(checkpoint.wanted) tensors load; not "
      + shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// `corpus and split`
  static func because(_ reasons: [String]) -> String {
    reasons.count < 2 ? reasons.joined() : reasons.dropLast().joined(separator: ", ") + " and " + (reasons.last ?? "")
  }

  /// Tensors of one node together: `time_path.* (12)`.
  private static func gathered(_ names: [String]) -> [String] {
    var groups: [(node: Substring, names: [String])] = []
    for name in names {
      let node = name.prefix { $0 != "." }
      if let index = groups.firstIndex(where: { $0.node == node }) {
        groups[index].names.append(name)
      } else {
        groups.append((node, [name]))
      }
    }
    return groups.flatMap { $0.names.count > 3 ? ["\($0.node).* (\($0.names.count))"] : $0.names }
  }

  /// `+11.0%`
  private static func percent(_ difference: Int, of whole: Int) -> String {
    let tenths = (Double(difference) / Double(whole) * 1000).rounded() / 10
    return (tenths > 0 ? "+" : "") + "\(tenths)%"
  }
}
