import Diagnostics
import Syntax

/// What expansion uses up and the resolved spec no longer shows: parameters and blocks, kept for `explain`.
public struct Provenance: Sendable {
  /// A parameter with its value.
  public struct Parameter: Sendable {
    public let name: Located<String>
    /// The value with its place and those that it replaced.
    public let value: Node
    /// What it means, for people; empty where nobody said so.
    public let doc: String
    /// What it may be: "one of 'relu' or 'silu'", "at least 0"; empty where anything goes.
    public let rule: String
  }

  /// In written order.
  public internal(set) var parameters: [Parameter] = []
  /// The number of classes, at the place where the corpus lists them.
  public internal(set) var classes: Node?
  /// Where each block is defined, with the names that it gives values to.
  var blocks: [(name: String, span: SourceSpan, names: Set<String>)] = []

  /// Nothing: where a spec could not be read.
  public init() {}

  init(_ tree: Node, _ values: [String: Binding]) {
    parameters = (tree.value(forKey: "params")?.entries ?? []).compactMap { entry in
      guard case .value(let value)? = values[entry.key.value] else { return nil }
      return Parameter(
        name: entry.key, value: value, doc: entry.value.value(forKey: "doc")?.scalar?.text ?? "",
        rule: Self.rule(of: entry.value))
    }
    if case .value(let count)? = values["classes"] { classes = count }
    blocks = (tree.value(forKey: "blocks")?.entries ?? []).map { entry in
      let names = entry.value.value(forKey: "params")?.entries?.map(\.key.value) ?? []
      return (entry.key.value, entry.value.span, Set(names))
    }
  }

  /// The parameter `name`, or nil.
  public func parameter(_ name: String) -> Parameter? { parameters.first { $0.name.value == name } }

  /// The block in whose definition `place` lies and that has a parameter `name`.
  func block(around place: SourceSpan, with name: String) -> String? {
    blocks.first { block in
      block.names.contains(name) && block.span.file === place.file && block.span.start <= place.start
        && place.end <= block.span.end
    }?.name
  }

  private static func rule(of definition: Node) -> String {
    let words = definition.value(forKey: "one_of")?.items?.map(emitFlow) ?? []
    let bounds = [("min", "at least"), ("max", "at most")].compactMap { key, text in
      definition.value(forKey: key).flatMap { $0.isNull ? nil : "\(text) \(emitFlow($0))" }
    }
    return ((words.isEmpty ? [] : ["one of \(words.joined(separator: ", "))"]) + bounds).joined(separator: ", ")
  }
}
