import Foundation
import TestSupport
import Testing

/// A fenced block of a Markdown file.
struct FencedBlock: Sendable, CustomTestStringConvertible {
  /// The file, relative to the project.
  let file: String
  /// The line of the opening fence, from 1.
  let line: Int
  /// The first word behind the fence: `yaml`.
  let language: String
  /// What follows it: `spec`, `part`, `layers=mel_image`.
  let role: String
  let text: String

  var testDescription: String { "\(file):\(line) \(language) \(role)" }

  /// All blocks of `file`, in order.
  static func all(in file: String) throws -> [FencedBlock] {
    let url = Shared.project.appendingPathComponent(file)
    var blocks: [FencedBlock] = []
    var open: (line: Int, info: String)?
    var lines: [Substring] = []
    let text = try String(contentsOf: url, encoding: .utf8)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("```") else {
        lines.append(line)
        continue
      }
      if let start = open {
        let words = start.info.split(separator: " ", maxSplits: 1).map(String.init)
        blocks.append(
          FencedBlock(
            file: file, line: start.line, language: words.first ?? "", role: words.count > 1 ? words[1] : "",
            text: lines.joined(separator: "\n") + "\n"))
        open = nil
      } else {
        open = (index + 1, String(line.dropFirst(3)))
      }
      lines = []
    }
    return blocks
  }

  /// The cells of all rows of tables whose header has the columns `header`, with the number of the line.
  static func rows(below header: [String], in file: String) throws -> [(line: Int, cells: [String])] {
    let text = try String(contentsOf: Shared.project.appendingPathComponent(file), encoding: .utf8)
    var rows: [(Int, [String])] = []
    var isInside = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("|") else {
        isInside = false
        continue
      }
      let cells = line.dropFirst().dropLast().split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      if cells == header {
        isInside = true
      } else if isInside, !line.hasPrefix("|--") {
        rows.append((index + 1, cells))
      }
    }
    return rows
  }
}
