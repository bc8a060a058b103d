import Diagnostics
import Syntax

/// A value of a spec, and how it came to be.
public struct Explanation: Sendable {
  /// One place that has to do with the value.
  public struct Link: Sendable {
    public enum Role: Sendable, Equatable {
      /// The value stands here, or the expression that gives it.
      case written
      /// An expression uses this name: a parameter, a name of a block, or `classes`.
      case name(String, of: NameOrigin)
      /// What was said here lost against the link before.
      case overridden
      /// Nobody wrote anything.
      case standard
    }

    /// What a name in an expression is.
    public enum NameOrigin: Sendable, Equatable {
      case parameter
      case classes
      /// A name that uses of a block, or a `for`, give values to; the block's name where it is known.
      case block(String?)
    }

    public let role: Role
    /// As it stands in the file, on one line.
    public let text: String
    /// What it comes to, where that is known.
    public let value: Node?
    /// nil for defaults and for what is not known.
    public let span: SourceSpan?
    /// 0 for the value itself, 1 for the names that it uses, and so on.
    public let depth: Int
  }

  /// The full path, or the parameter's name.
  public let key: String
  /// Whether it is a parameter.
  public let isParameter: Bool
  public let value: Node
  /// What it means; empty where that is not known.
  public let doc: String
  /// What it may be, in words; empty where anything goes.
  public let accepts: String
  /// The value where nobody gives one; nil where one must be given.
  public let standard: Node?
  /// Newest first.
  public let chain: [Link]
  /// For a mapping or a list of steps: all values below, with their paths.
  public let parts: [(path: String, value: Node)]
  /// For a parameter: the paths of the values that depend on it.
  public let uses: [String]
}

extension Explanation {
  /// Explains the value at `key` of a resolved spec: a dotted path of keys, positions and labels, or a parameter's name.
  ///
  /// - Throws: `DiagnosticFailure` (`explain.unknown`) where there is no such value, with what there is.
  public init(_ key: String, of spec: ExperimentSpec, _ provenance: Provenance, vocabulary: Vocabulary) throws {
    let tree = spec.values(vocabulary)
    let chains = ValueChains(provenance: provenance)
    let name = key.hasPrefix("params.") ? String(key.dropFirst("params.".count)) : key
    if let parameter = provenance.parameter(name) {
      let uses = tree.values(below: "").filter { place in
        chains.links(of: place.value).contains { $0.role == .name(name, of: .parameter) }
      }
      self.init(
        key: name, isParameter: true, value: parameter.value, doc: parameter.doc, accepts: parameter.rule,
        standard: nil,
        chain: chains.links(of: parameter.value), parts: [], uses: uses.map(\.path))
      return
    }
    let found = try SpecLookup(tree, parameters: provenance.parameters.map(\.name.value)).find(key)
    let field = found.value.field
    var standard: Node?
    if let field, case .value(let content) = field.default { standard = Node(plain: content) }
    let isWhole = found.value.parts.isEmpty
    self.init(
      key: found.path, isParameter: false, value: found.value.node, doc: field?.doc ?? "",
      accepts: isWhole ? field?.type.described ?? "" : "", standard: standard,
      chain: chains.links(of: found.value),
      parts: isWhole ? [] : found.value.leaves(below: found.path).map { ($0.path, $0.value.node) }, uses: [])
  }
}

extension Node {
  /// The default of a field; nil for those that are more than plain values.
  fileprivate init?(plain content: FieldValue.Content) {
    switch content {
    case .none: self = .null(at: .standard)
    case .integer(let value): self.init(integer: value, at: .standard)
    case .number(let value): self.init(number: value, at: .standard)
    case .boolean(let value): self.init(boolean: value, at: .standard)
    case .string(let value): self.init(string: value, at: .standard)
    case .list(let items):
      let nodes = items.compactMap { Node(plain: $0.content) }
      guard nodes.count == items.count else { return nil }
      self.init(.sequence(nodes), at: .standard)
    case .step, .steps, .group, .dictionary: return nil
    }
  }
}
