import Diagnostics

/// What the phases have found so far. A finding that is repeated word for word at the same place, as the copies of a
/// block make it, is kept once.
final class Findings {
  private struct Identity: Hashable {
    let id: String
    let summary: String
    let span: SourceSpan?
  }

  private(set) var all: [Diagnostic] = []
  private var seen: Set<Identity> = []
  private(set) var errorCount = 0

  func add(_ diagnostic: Diagnostic) {
    let identity = Identity(id: diagnostic.id, summary: diagnostic.summary, span: diagnostic.span)
    guard seen.insert(identity).inserted else { return }
    all.append(diagnostic)
    if diagnostic.severity == .error { errorCount += 1 }
  }

  func add(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { add(diagnostic) }
  }

  /// The value of `body`, or nil after its findings have been taken over.
  func collect<Value>(_ body: () throws -> Value) -> Value? {
    do {
      return try body()
    } catch let failure as DiagnosticFailure {
      add(failure.diagnostics)
    } catch let diagnostic as Diagnostic {
      add(diagnostic)
    } catch {
      add(Diagnostic("run.unexpected", "\(error)"))
    }
    return nil
  }

  /// In reading order: the findings of `file` first, then those of other files in the order in which they came up.
  func sorted(from file: SourceFile) -> [Diagnostic] {
    var order: [ObjectIdentifier: Int] = [ObjectIdentifier(file): 0]
    for diagnostic in all {
      guard let other = diagnostic.span?.file else { continue }
      order[ObjectIdentifier(other)] = order[ObjectIdentifier(other)] ?? order.count
    }
    func rank(_ span: SourceSpan?) -> (Int, SourcePosition) {
      guard let span else { return (-1, SourcePosition(line: 1, column: 1)) }
      return (order[ObjectIdentifier(span.file)] ?? 0, span.start)
    }
    return all.enumerated().sorted { a, b in
      let (left, right) = (rank(a.element.span), rank(b.element.span))
      return left == right ? a.offset < b.offset : left < right
    }.map(\.element)
  }
}
