import Diagnostics

/// Finds a value by a path that people write: `train.optimizer.adam.lr`, `audio.0.resample.rate`,
/// `model.time_path.layers.2`, `model.time_path.conv_block_1.conv1d.kernel_size`.
struct SpecLookup {
  private let tree: SpecValue
  private let parameters: [String]

  init(_ tree: SpecValue, parameters: [String]) {
    self.tree = tree
    self.parameters = parameters
  }

  /// A place on the way, and what is left of the path there.
  private struct Reached {
    var value: SpecValue
    var path: String
    var rest: ArraySlice<String>
  }

  /// The value with its full path.
  func find(_ key: String) throws -> (path: String, value: SpecValue) {
    let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    var furthest = Reached(value: tree, path: "", rest: parts[...])
    if let found = walk(furthest, &furthest), !key.isEmpty { return (found.path, found.value) }
    throw DiagnosticFailure(unknown(key, furthest))
  }

  private func walk(_ here: Reached, _ furthest: inout Reached) -> Reached? {
    if here.rest.count < furthest.rest.count { furthest = here }
    guard let head = here.rest.first else { return here }
    for part in here.value.parts {
      let path = here.value.path(of: part, below: here.path)
      // Labels hold dots themselves.
      let names = part.name.split(separator: ".").map(String.init)
      let byName = here.rest.starts(with: names) ? names.count : 0
      let byIndex = part.index.map { String($0) == head } ?? false ? 1 : 0
      for count in Set([byName, byIndex]).sorted(by: >) where count > 0 {
        let next = Reached(value: part, path: path, rest: here.rest.dropFirst(count))
        if let found = walk(next, &furthest) { return found }
      }
    }
    // The kind may stand behind a position or a label, and must not.
    if here.value.kind == head, here.value[head] == nil {
      let next = Reached(value: here.value, path: here.path, rest: here.rest.dropFirst())
      if next.rest.isEmpty { return next }
      if let found = walkParts(next, &furthest) { return found }
    }
    for part in here.value.parts where part.isUnnamed {
      let next = Reached(value: part, path: here.value.path(of: part, below: here.path), rest: here.rest)
      if let found = walkParts(next, &furthest) { return found }
    }
    return nil
  }

  private func walkParts(_ here: Reached, _ furthest: inout Reached) -> Reached? {
    if here.rest.count < furthest.rest.count { furthest = here }
    for part in here.value.parts {
      var inner = Reached(value: part, path: here.value.path(of: part, below: here.path), rest: here.rest)
      let names = part.name.split(separator: ".").map(String.init)
      guard here.rest.starts(with: names) else { continue }
      inner.rest = here.rest.dropFirst(names.count)
      if let found = walk(inner, &furthest) { return found }
    }
    return nil
  }

  private func unknown(_ key: String, _ furthest: Reached) -> Diagnostic {
    let wrong = furthest.rest.joined(separator: ".")
    var known = names(in: furthest.value, furthest.path)
    if furthest.path.isEmpty { known += parameters.map { ($0, $0) } }
    let words = known.map(\.name)
    var suggestion: String?
    if let meant = nearest(wrong, in: words) {
      suggestion = known.first { $0.name == meant }?.path
    } else if let meant = furthest.rest.first.flatMap({ nearest($0, in: words) }) {
      // The rest may well be right.
      let path = known.first { $0.name == meant }?.path ?? meant
      let whole = ([path] + furthest.rest.dropFirst()).joined(separator: ".")
      suggestion = (try? find(whole))?.path ?? path
    }
    let summary =
      furthest.path.isEmpty
      ? "the spec has no value and no parameter '\(key)'" : "'\(furthest.path)' has no part '\(wrong)'"
    return Diagnostic(
      "explain.unknown", summary, detail: words.isEmpty ? "It is a single value." : "There is \(wordList(words)).",
      suggestion: suggestion)
  }

  private func names(in value: SpecValue, _ path: String) -> [(name: String, path: String)] {
    value.parts.flatMap { part in
      let inner = value.path(of: part, below: path)
      return part.isUnnamed ? names(in: part, inner) : [(part.name, inner)]
    }
  }
}
