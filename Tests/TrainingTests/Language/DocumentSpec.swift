import Diagnostics
import Foundation
import Spec
import Syntax
import TestSupport
import Testing
import Training

/// The spec that a block of a document stands for, as if it lay in `specs`, and what the block says of it.
struct DocumentSpec {
  /// What the document's messages call it.
  static let name = "specs/mine.yaml"

  /// A finding that a comment `# ERROR "regexp"` or `# WARNING "regexp"` announces for its line.
  struct Announcement {
    let severity: Severity
    let line: Int
    let pattern: String
  }

  let resolution: Resolution
  /// What resolving and the checks of `validate` find.
  let diagnostics: [Diagnostic]
  let announced: [Announcement]
  /// Whether warnings that nothing announces matter: a part has neighbours that do not use it.
  let isWhole: Bool
  private let path: String

  /// The roles of a YAML block:
  /// `spec` is a whole spec; `part` has some of its top-level keys, the model last; `layers` or `layers=FEATURE` is the
  /// list of layers of a node over that feature; `corpus` is a corpus file.
  init(_ block: FencedBlock) throws {
    let words = block.role.split(separator: "=").map(String.init)
    let role = words.first ?? ""
    let comment = /\s*# (ERROR|WARNING)([+-]\d+)? "((?:[^"\\]|\\.)*)"/
    let shown = block.text.replacing(comment, with: "")
    let (text, offset) =
      switch role {
      case "spec": (shown, 0)
      case "part": (try Self.completed(shown), 0)
      case "layers": Self.model(of: shown, over: words.count > 1 ? words[1] : "spectral")
      case "corpus": ("corpus:\n" + indented(shown, by: 2) + (try Self.completed("corpus: ~\n", adding: false)), 1)
      default: throw UnknownRole(role: block.role)
      }
    let lines = block.text.split(separator: "\n", omittingEmptySubsequences: false)
    announced = lines.enumerated().flatMap { index, line in
      String(line).matches(of: comment).map { match in
        Announcement(
          severity: match.output.1 == "ERROR" ? .error : .warning,
          line: index + 1 + offset + (match.output.2.flatMap { Int($0) } ?? 0),
          pattern: String(match.output.3))
      }
    }
    let sets = lines.compactMap { line -> (key: String, value: String)? in
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      return line.hasPrefix("# SET ") && parts.count == 2 ? (String(parts[0].dropFirst(6)), parts[1]) : nil
    }
    path = Shared.project.appendingPathComponent(Self.name).path
    let source = SourceFile(name: path, text: text)
    isWhole = role == "spec"
    resolution = resolve(source, options: ResolveOptions(sets: sets), vocabulary: .standard)
    var found = resolution.diagnostics
    if let spec = resolution.spec {
      found += ExperimentChecks.check(spec).diagnostics
      let sweep = readSweep(source, vocabulary: .standard)
      found += sweep.diagnostics
      for cell in sweep.cells {
        let inCell = resolve(source, options: ResolveOptions(sets: sets, cell: cell), vocabulary: .standard)
        found += inCell.diagnostics.filter { $0.severity == .error }
      }
    }
    diagnostics = found
  }

  struct UnknownRole: Error {
    let role: String
  }

  /// The line of a finding in the text; nil for other files.
  func line(of found: Diagnostic) -> Int? { found.span?.file.name == path ? found.span?.start.line : nil }

  /// The findings about the block as a terminal shows them.
  var report: String {
    let own = diagnostics.filter { found in
      isWhole || found.severity == .error || announced.contains { $0.line == line(of: found) }
    }
    return TextRenderer(color: false).render(own).replacing(path, with: Self.name)
  }

  /// A text with the keys of a spec that it lacks. What a model lacks is its output, fed by the last node.
  private static func completed(_ text: String, adding: Bool = true) throws -> String {
    let tree = try? parseYAML(SourceFile(name: "part", text: text))
    let keys = Set((tree?.entries ?? []).map(\.key.value))
    var result = adding ? text : ""
    let nodes = tree?.value(forKey: "model")?.entries?.map(\.key.value) ?? []
    if let last = nodes.last, !nodes.contains(outputNode) { result += output(from: last) }
    let feature = tree?.value(forKey: "features")?.entries?.first?.key.value ?? "spectral"
    for (key, standard) in standardParts where !keys.contains(key) { result += standard + "\n" }
    if !keys.contains("model") { result += "model:\n" + output(from: feature) }
    return result
  }

  /// A spec with the layers in a node over `feature`, and how many lines stand before them.
  private static func model(of layers: String, over feature: String) -> (String, Int) {
    let head = "model:\n  example:\n    from: \(feature)\n    layers:\n"
    let rest = standardParts.map { $0.text + "\n" }.joined()
    return (head + indented(layers, by: 6) + output(from: "example") + rest, 4)
  }

  private static func output(from name: String) -> String {
    "  logits: {from: \(name), layers: [flatten, linear: \"${classes}\"]}\n"
  }

  private static let standardParts: [(key: String, text: String)] = [
    ("serspec", "serspec: 1"),
    ("corpus", "corpus: crema-d"),
    ("length", "length: {policy: fixed, seconds: 3}"),
    ("audio", "audio: [resample: {rate: 16000}, mono]"),
    (
      "features",
      """
      features:
        spectral: [stack: [zero_crossing_rate, chroma_stft, mfcc: {n_mfcc: 13}, rms]]
        mel_image: [mel_spectrogram: {n_fft: 1024, n_mels: 64}, log, resize: {height: 64, width: 64}]
      """
    ),
    ("split", "split: {policy: stratified, test: 0.3, val: 0.05}"),
    ("train", "train: {epochs: 3, optimizer: adam, loss: cross_entropy}"),
  ]
}

private func indented(_ text: String, by columns: Int) -> String {
  let margin = String(repeating: " ", count: columns)
  return text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
}
