import Diagnostics

/// What a split is like: its sets, their classes, and what stands on both sides.
public struct SplitReport: Sendable {
  private struct Side {
    let name: String
    let files: [String]
    let classes: [(name: String, count: Int)]
    /// The duration of all clips; nil where one is not known.
    let seconds: Double?
  }

  private let sides: [Side]
  private let leakage: [(name: String, overlap: SetOverlap?)]

  /// - Parameter classNames: the corpus's classes in the order of their indices.
  public init(_ split: Split, clips: [ClipReference], classNames: [String]) {
    sides = [("train", split.train), ("val", split.val), ("test", split.test)].map { name, indices in
      let counts = indices.reduce(into: Array(repeating: 0, count: classNames.count)) { $0[clips[$1].classIndex] += 1 }
      let seconds = indices.compactMap { clips[$0].seconds }
      return Side(
        name: name, files: indices.map { clips[$0].relativePath }, classes: Array(zip(classNames, counts)),
        seconds: seconds.count == indices.count ? seconds.reduce(0, +) : nil)
    }
    leakage = [("speakers", "speaker"), ("sentences", "sentence")].map { name, attribute in
      (name, SetOverlap(of: attribute, split, clips: clips))
    }
  }

  /// For people: a line for each set, a table of classes, and what is shared.
  public var text: String {
    var lines = sides.map { side in
      "\(side.name): \(side.files.count) clips" + (side.seconds.map { ", \(Int($0.rounded())) s" } ?? "")
    }
    let width = (sides.first?.classes ?? []).map(\.name.count).max() ?? 0
    lines.append("")
    lines.append(padded("class", max(width, 5)) + sides.map { leftPadded($0.name, 8) }.joined())
    for (index, entry) in (sides.first?.classes ?? []).enumerated() {
      lines.append(
        padded(entry.name, max(width, 5)) + sides.map { leftPadded("\($0.classes[index].count)", 8) }.joined())
    }
    lines.append("")
    for (name, overlap) in leakage {
      lines.append("\(name): \(overlap?.text ?? "the corpus does not tell them")")
    }
    return lines.joined(separator: "\n")
  }

  /// For programs.
  public func json(warnings: [Diagnostic]) -> JSON {
    let members = sides.map { side -> (key: String, value: JSON) in
      let classes = side.classes.map { (key: $0.name, value: JSON.integer($0.count)) }
      let set: JSON = [
        "count": .integer(side.files.count), "seconds": .optional(side.seconds), "classes": .object(classes),
        "files": .array(side.files.map(JSON.string)),
      ]
      return (key: side.name, value: set)
    }
    return .object(
      members + [
        (key: "leakage", value: .object(leakage.map { (key: $0.name, value: $0.overlap?.json ?? .null) })),
        (key: "warnings", value: .array(warnings.map { .string($0.summary) })),
      ])
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func leftPadded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
