import Diagnostics

/// The entries of a mapping as they are read: refuses keys that stand twice and resolves merge keys
/// (https://yaml.org/type/merge.html): keys of the mapping itself win over merged ones, earlier mappings over later
/// ones.
struct MappingContent {
  private enum Slot {
    case entry(Entry)
    case merge([Node])
  }

  private var slots: [Slot] = []
  private var written: [String: SourceSpan] = [:]

  /// Adds an entry; returns what is wrong with it, in which case it is left out. Keys that were quoted, tagged or given
  /// by an alias never merge.
  mutating func add(_ key: Node, _ value: Node, keyMayMerge: Bool) -> Diagnostic? {
    guard let name = key.scalar else {
      return Diagnostic(
        "yaml.key", "\(key.described) cannot be a key",
        detail: "A key is a text. Inside { } and [ ], '${...}' must stand in quotes.", at: key.span)
    }
    if let first = written[name.text] {
      return Diagnostic(
        "key.duplicate", "the key '\(excerpt(name.text))' stands twice in one mapping",
        detail: "Delete one of the two.", at: key.span, notes: [DiagnosticNote("it stood here first", at: first)])
    }
    written[name.text] = key.span
    if keyMayMerge, name.style == .plain, name.text == "<<" {
      let sources = value.items ?? [value]
      if let odd = sources.first(where: { $0.entries == nil }) {
        return Diagnostic(
          "yaml.merge", "'<<' cannot merge \(odd.described)",
          detail: "It takes an alias of a mapping, or a list of such aliases: '<<: *name'.", at: odd.span)
      }
      slots.append(.merge(sources))
    } else {
      slots.append(.entry(Entry(key: Located(name.text, at: key.span), value: value)))
    }
    return nil
  }

  /// The entries in written order, merged ones in the place of the merge key.
  func entries() -> [Entry] {
    var result: [Entry] = []
    var places: [String: Int] = [:]
    var hidden: [String: [SourceSpan]] = [:]
    for slot in slots {
      switch slot {
      case .entry(let entry):
        places[entry.key.value] = result.count
        result.append(entry)
      case .merge(let sources):
        for entry in sources.flatMap({ $0.entries ?? [] }) {
          let name = entry.key.value
          if written[name] != nil || places[name] != nil {
            hidden[name, default: []].append(entry.value.span)
          } else {
            places[name] = result.count
            result.append(entry)
          }
        }
      }
    }
    for (name, spans) in hidden {
      guard let place = places[name] else { continue }
      result[place] = Entry(key: result[place].key, value: result[place].value.replacing(spans))
    }
    return result
  }
}
