import Diagnostics
import Syntax

/// Finding the type of a part of a tree by the types of the whole: what merging, `--set` and expansion go by, long
/// before anything is decoded.
extension FieldType {
  /// The type without `optional` around it and, of an `either`, the alternative that can hold such a node.
  func fitting(_ node: Node?) -> FieldType {
    switch self {
    case .optional(let type):
      return type.fitting(node)
    case .either(let types):
      let candidates = types.map { $0.fitting(node) }
      switch node?.content {
      case .mapping: return candidates.first(where: \.holdsKeys) ?? candidates.first ?? self
      case .sequence: return candidates.first(where: \.holdsItems) ?? candidates.first ?? self
      case .scalar, nil: return candidates.first { !$0.holdsKeys && !$0.holdsItems } ?? candidates.first ?? self
      }
    default:
      return self
    }
  }

  /// Whether values of the type are written as mappings.
  var holdsKeys: Bool {
    switch self {
    case .group, .variant, .dictionary, .step: true
    default: false
    }
  }

  /// Whether values of the type are written as lists.
  var holdsItems: Bool {
    switch self {
    case .list, .steps, .sizes: true
    default: false
    }
  }

  /// The type of the value of `key` in `node`, or nil where the type does not say.
  func child(_ key: String, of node: Node?, in vocabulary: Vocabulary) -> FieldType? {
    switch fitting(node) {
    case .group(let table):
      return table.field(key)?.type
    case .dictionary(let type):
      return type
    case .step(let part):
      return vocabulary.kind(key, of: part).map { .group($0.table) }
    case .variant(let tag, let part):
      if key == tag { return .choice(vocabulary.names(of: part)) }
      guard let kind = node?.value(forKey: tag)?.scalar?.text else { return nil }
      return vocabulary.kind(kind, of: part)?.table.field(key)?.type
    default:
      return nil
    }
  }

  /// The type of the items of a list, or nil where the type does not say.
  func item(of node: Node?) -> FieldType? {
    switch fitting(node) {
    case .list(let type, _, _): type
    case .steps(let part): .step(part)
    case .sizes(let min, let max): .integer(min: min, max: max)
    default: nil
    }
  }
}

extension FieldTable {
  /// `node` as a mapping: a bare value is the primary field's.
  func longForm(_ node: Node) -> Node {
    guard let primary, node.entries == nil, !node.isNull else { return node }
    return Node(.mapping([Entry(key: Located(primary, at: node.span), value: node)]), at: node.span)
  }
}

extension Node {
  /// A variant as a mapping: a bare word is the kind that `tag` names.
  func variantForm(tag: String) -> Node {
    scalar == nil ? self : FieldTable([], primary: tag).longForm(self)
  }

  /// The name and the arguments of a step, as in `relu` and `linear: 128`; nil where the node is not of that form.
  var stepParts: (name: Located<String>, arguments: Node?)? {
    switch content {
    case .scalar(let scalar):
      return scalar.isNull ? nil : (Located(scalar.text, at: span), nil)
    case .mapping(let entries):
      guard entries.count == 1, let entry = entries.first else { return nil }
      return (entry.key, entry.value)
    case .sequence:
      return nil
    }
  }

  /// The mapping with `key` set to `value`, where it stood or at the end; a node that is no mapping becomes one.
  func setting(_ key: Located<String>, to value: Node) -> Node {
    var entries = self.entries ?? []
    let entry = Entry(key: key, value: value)
    if let index = entries.firstIndex(where: { $0.key.value == key.value }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
    return Node(.mapping(entries), at: span, replacing: replaced)
  }

  /// The mapping without the keys that `isUnwanted` picks.
  func removing(where isUnwanted: (String) -> Bool) -> Node {
    guard let entries else { return self }
    return Node(.mapping(entries.filter { !isUnwanted($0.key.value) }), at: span, replacing: replaced)
  }

  /// This node in the place of `other`. A place is named once, however often files that several others extend come by.
  func inPlace(of other: Node?) -> Node {
    guard let other else { return self }
    var seen: Set<SourceSpan> = [span]
    let places = (replaced + [other.span] + other.replaced).filter { seen.insert($0).inserted }
    return Node(content, at: span, replacing: places)
  }
}
