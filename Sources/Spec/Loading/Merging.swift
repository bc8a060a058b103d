import Diagnostics
import Syntax

/// Lays one tree over another as `extends` does: mappings merge by key, all else is replaced. Types say where a
/// mapping is not one of keys: a step of another kind replaces, and so does another of several exclusive fields.
struct Merging {
  let vocabulary: Vocabulary

  func merge(_ base: Node, with over: Node, as type: FieldType?) -> Node {
    let (base, over, type) = aligned(base, over, type)
    guard let below = base.entries, let above = over.entries else { return over.inPlace(of: base) }

    let dropped = keysReplaced(in: base, by: over, as: type)
    var entries = below.filter { !dropped.contains($0.key.value) }
    var places = Dictionary(entries.enumerated().map { ($1.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in above {
      let key = entry.key.value
      if let place = places[key] {
        let childType = type?.child(key, of: merged(over, base), in: vocabulary)
        entries[place] = Entry(key: entry.key, value: merge(entries[place].value, with: entry.value, as: childType))
      } else {
        places[key] = entries.count
        entries.append(entry)
      }
    }
    return Node(.mapping(entries), at: over.span, replacing: over.replaced).inPlace(of: base)
  }

  /// Both nodes as mappings where one of them is and the other is its short form.
  private func aligned(_ base: Node, _ over: Node, _ type: FieldType?) -> (Node, Node, FieldType?) {
    guard base.entries != nil || over.entries != nil else { return (base, over, type) }
    let mapping = over.entries != nil ? over : base
    let fitted = type?.fitting(mapping)
    switch fitted {
    case .group(let table):
      return (table.longForm(base), table.longForm(over), fitted)
    case .variant(let tag, _):
      return (base.variantForm(tag: tag), over.variantForm(tag: tag), fitted)
    case .step:
      return (stepForm(base), stepForm(over), fitted)
    default:
      return (base, over, fitted)
    }
  }

  /// `relu` as `{relu: ~}`.
  private func stepForm(_ node: Node) -> Node {
    guard let scalar = node.scalar, !scalar.isNull else { return node }
    return Node(
      .mapping([Entry(key: Located(scalar.text, at: node.span), value: .null(at: node.span))]), at: node.span)
  }

  /// Keys of `base` that make no sense any more beside those of `over`.
  private func keysReplaced(in base: Node, by over: Node, as type: FieldType?) -> Set<String> {
    let below = Set((base.entries ?? []).map(\.key.value))
    let above = Set((over.entries ?? []).map(\.key.value))
    switch type {
    case .group(let table):
      let exclusive = Set(table.exclusive)
      return above.isDisjoint(with: exclusive) ? [] : below.intersection(exclusive).subtracting(above)
    case .step:
      return above.isEmpty ? [] : below.subtracting(above)
    case .variant(let tag, let part):
      return keysOutside(base, tag: tag, part: part, kind: over.value(forKey: tag))
    default:
      return []
    }
  }

  /// Keys of `node` that mean nothing to the kind that `tag` names, where it is another one than that of `node`: those that
  /// it does not have, or has with another type.
  func keysOutside(_ node: Node, tag: String, part: VocabularyPart, kind: Node?) -> Set<String> {
    let old = node.value(forKey: tag)?.scalar?.text
    guard let name = kind?.scalar?.text, name != old, let table = vocabulary.kind(name, of: part)?.table else {
      return []
    }
    let oldTable = old.flatMap { vocabulary.kind($0, of: part)?.table }
    let kept = table.fields.filter { field in
      oldTable?.field(field.name).map { $0.type.described == field.type.described } ?? true
    }
    return Set((node.entries ?? []).map(\.key.value)).subtracting(kept.map(\.name)).subtracting([tag])
  }

  /// The mapping whose tag decides the types of a variant's keys: that of `over` if it has one.
  private func merged(_ over: Node, _ base: Node) -> Node {
    Node(.mapping((over.entries ?? []) + (base.entries ?? [])), at: over.span)
  }
}
