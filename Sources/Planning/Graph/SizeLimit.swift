import Diagnostics
import Layers
import Spec

/// What a single layer may come to. Past it no machine could train the model, and the numbers that describe it would
/// not fit into 64 bits.
enum SizeLimit {
  /// The largest whole number among a layer's fields, and the product of those in one list.
  static let field = 1 << 24
  static let list = 1 << 40
  /// Values that one clip of nominal length makes in one place.
  static let values = 1 << 28
  /// Multiply-adds of a layer for such a clip.
  static let multiplyAdds = 1 << 50

  /// Checks the numbers that a step is given.
  ///
  /// - Throws: `DiagnosticFailure` (`limit.size`) at those that are too large.
  static func check(_ step: Step) throws {
    let found = step.values.values.flatMap { check($0.value, named: $0.name, of: step) }
    if !found.isEmpty { throw DiagnosticFailure(found) }
  }

  private static func check(_ value: FieldValue, named name: String, of step: Step) -> [Diagnostic] {
    var place = step.span
    if case .written(let span) = value.origin { place = span }
    func tooLarge(_ what: String, _ most: Int) -> [Diagnostic] {
      [
        Diagnostic(
          "limit.size", "\(what) of '\(step.kind.value)' is too large", detail: "At most \(most) can be computed with.",
          at: place)
      ]
    }
    switch value.content {
    case .integer(let number):
      return number.magnitude <= UInt(field) ? [] : tooLarge("'\(name)'", field)
    case .list(let items):
      let inside = items.flatMap { check($0, named: name, of: step) }
      if !inside.isEmpty { return inside }
      let numbers = items.compactMap { item -> Int? in
        if case .integer(let number) = item.content { abs(number) } else { nil }
      }
      return saturatingProduct(numbers.map { max(1, $0) }) <= list ? [] : tooLarge("the product of '\(name)'", list)
    default:
      return []
    }
  }

  /// Checks the output of a step for a clip of nominal length.
  ///
  /// - Throws: `DiagnosticFailure` (`limit.size`).
  static func check(_ nominal: SampleShape, of step: Step) throws {
    guard saturatingProduct(nominal.known ?? []) > values else { return }
    throw DiagnosticFailure(
      Diagnostic(
        "limit.size", "'\(step.kind.value)' makes \(nominal) of a clip, which is too large",
        detail: "At most \(values) values of one clip can stand in one place.", at: step.span))
  }

  /// - Throws: `DiagnosticFailure` (`limit.size`).
  static func check(multiplyAdds: Int, of step: Step) throws {
    guard multiplyAdds > Self.multiplyAdds else { return }
    throw DiagnosticFailure(
      Diagnostic(
        "limit.size", "'\(step.kind.value)' takes too many multiply-adds for one clip",
        detail: "At most 2^50 can be computed in any time. Use fewer channels or a smaller kernel.", at: step.span))
  }
}
