import Diagnostics

extension Node {
  /// A scalar that no file holds, such as a default or the value of an expression.
  public init(scalar text: String, style: Scalar.Style, at span: SourceSpan, replacing replaced: [SourceSpan] = []) {
    self.init(.scalar(Scalar(text, style: style)), at: span, replacing: replaced)
  }

  /// A plain whole number.
  public init(integer value: Int, at span: SourceSpan) {
    self.init(scalar: String(value), style: .plain, at: span)
  }

  /// A plain number in its shortest form that reads back as the same value; `64.0` is written `64`, so that it can
  /// stand where a whole number is wanted.
  public init(number value: Double, at span: SourceSpan) {
    self.init(scalar: shortest(value), style: .plain, at: span)
  }

  /// `true` or `false`.
  public init(boolean value: Bool, at span: SourceSpan) {
    self.init(scalar: value ? "true" : "false", style: .plain, at: span)
  }

  /// A text, never read as a number.
  public init(string value: String, at span: SourceSpan) {
    self.init(scalar: value, style: .quoted, at: span)
  }

  /// `~`.
  public static func null(at span: SourceSpan) -> Node {
    Node(scalar: "~", style: .plain, at: span)
  }

  /// The scalar, or nil where the node is a list or a mapping.
  public var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The items of a list, or nil.
  public var items: [Node]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  /// The entries of a mapping in written order, or nil.
  public var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value of `key` where the node is a mapping that has it.
  public func value(forKey key: String) -> Node? { entry(forKey: key)?.value }

  /// The entry of `key` where the node is a mapping that has it.
  public func entry(forKey key: String) -> Entry? {
    entries?.first { $0.key.value == key }
  }

  /// The same value at another place.
  public func at(_ span: SourceSpan) -> Node { Node(content, at: span, replacing: replaced) }

  /// The same value, known to have taken the place of those at `spans`.
  public func replacing(_ spans: [SourceSpan]) -> Node { Node(content, at: span, replacing: replaced + spans) }

  /// Whether both trees mean the same: equal keys in equal order and equal values. How a value was written does not
  /// matter (`relu` and `"relu"` are one text, `~` and `null` one null), what it can be read as does (`3` is not
  /// `"3"`).
  public func means(sameAs other: Node) -> Bool {
    switch (content, other.content) {
    case (.scalar(let a), .scalar(let b)):
      if a.isNull || b.isNull { return a.isNull && b.isNull }
      return a.text.unicodeScalars.elementsEqual(b.text.unicodeScalars)
        && (a.style == b.style || (a.isText && b.isText))
    case (.sequence(let a), .sequence(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.means(sameAs: $1) }
    case (.mapping(let a), .mapping(let b)):
      return a.count == b.count
        && zip(a, b).allSatisfy { $0.key.value == $1.key.value && $0.value.means(sameAs: $1.value) }
    default:
      return false
    }
  }
}

extension Scalar {
  /// Whether the scalar can only be read as text.
  public var isText: Bool { style == .quoted || !(isNull || asBoolean != nil || isNumberLiteral(text.utf8)) }
}

/// The shortest decimal that reads back as `value`; whole numbers without a fraction.
func shortest(_ value: Double) -> String {
  // Below 2^53 every whole number has its own double. Zero keeps its sign through "-0.0".
  if value == value.rounded(), abs(value) < 9_007_199_254_740_992, !(value == 0 && value.sign == .minus) {
    return String(Int(value))
  }
  return "\(value)"
}
