import Foundation

/// What a pack of the cache holds: the result of one chain of steps on many clips.
struct PackDescription: Equatable, Sendable {
  /// The feature that asked first, or `waveform`: for people, no part of what a pack is known by.
  let name: String
  /// What the values depend on beside the clip: the environment, then the chain (`ChainText`).
  let lines: [String]

  /// - Parameter environment: that of `FeatureVersion`, but for tests.
  init(name: String, chain: [String], environment: String = FeatureVersion.environment) {
    self.name = name
    lines = ["code = \(environment)"] + chain
  }

  /// The pack's file name without its ending: the digest of what the values depend on.
  var fileName: String { Digest(lines.joined(separator: "\n")).text }

  /// The content of the pack's header.
  var text: String { ([name] + lines).joined(separator: "\n") }

  /// Reads `text` back; nil where it is no such text.
  init?(text: String) {
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, parts[1].hasPrefix("code = ") else { return nil }
    (name, lines) = (parts[0], Array(parts.dropFirst()))
  }

  /// The chain in a line for people: `resample 16000 | mono mean | z_score | fixed 3 | mel_spectrogram ... | log 1e-06`.
  var summary: String {
    var steps: [String] = []
    for line in lines.dropFirst() {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      let path = parts[0].split(separator: ".")
      if parts.count == 1 {
        steps.append(String(path.last ?? ""))
      } else if !steps.isEmpty, !parts[1].hasSuffix(" steps") {
        let value = parts[1].hasPrefix("\"") ? String(parts[1].dropFirst().dropLast()) : parts[1]
        steps[steps.count - 1] += " \(path.last ?? "") \(value)"
      }
    }
    return steps.joined(separator: " | ")
  }

  /// What differs from `other`, for people, part by part: fields where the steps are the same.
  func changes(from other: PackDescription) -> [String] {
    var changes: [String] = []
    for (parts, what) in Self.sections {
      let (new, old) = (values(in: parts), other.values(in: parts))
      if new.map(\.path) != old.map(\.path) {
        changes.append("\(what) changed")
        continue
      }
      for (new, old) in zip(new, old) where new.value != old.value {
        let field = new.path.split(separator: ".").last.map(String.init) ?? new.path
        let text = field == "code" ? what : "\(field) changed (\(old.value) -> \(new.value))"
        if !changes.contains(text) { changes.append(text) }
      }
    }
    return changes
  }

  /// How lines begin, and what a message calls them.
  private static let sections = [
    (["code"], "made by another version or on another CPU"), (["audio."], "audio steps"),
    (["length", "padded"], "length policy"), (["feature."], "steps"), (["standardize."], "standardize"),
  ]

  private func values(in parts: [String]) -> [(path: String, value: String)] {
    lines.filter { line in parts.contains { line.hasPrefix($0) } }.map { line in
      let parts = line.components(separatedBy: " = ")
      return (parts[0], parts.dropFirst().joined(separator: " = "))
    }
  }
}
