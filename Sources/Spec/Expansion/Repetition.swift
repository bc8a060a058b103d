import Diagnostics
import Syntax

extension BlockUse {
  /// Keys of a use that are not parameters of the block.
  static let keys = ["for", "repeat", "name"]
}

extension Expander {
  /// Reads a use of a block or of `repeat`; nil after reporting what is wrong with it.
  func use(_ name: Located<String>, _ arguments: Node?, at span: SourceSpan, in scope: Scope) -> BlockUse? {
    let isRepetition = name.value == repeatKind.name
    if !isRepetition, let block = blocks[name.value], block == nil { return nil }
    let block = blocks[name.value] ?? nil
    guard let arguments, !arguments.isNull else {
      return BlockUse(name: name, label: name.value, rounds: [[:]], repeated: [], arguments: [])
    }
    guard let entries = arguments.entries else {
      if isRepetition {
        findings.add(
          Diagnostic(
            "value.type", "'repeat' takes a mapping, but this is \(arguments.described)",
            detail: "Write 'repeat: {times: 3, layers: [...]}'.", at: arguments.span))
      } else if let block {
        reportArguments(of: block, arguments)
      }
      return nil
    }
    let label = entries.first { $0.key.value == "name" }.map { stepName($0.value, in: scope) }
    if case .some(nil) = label { return nil }
    let counter = entries.first { $0.key.value == (isRepetition ? "times" : "repeat") }
    let lists = entries.first { $0.key.value == "for" }
    if let counter, let lists {
      findings.add(
        Diagnostic(
          "key.exclusive", "'\(name.value)' has both '\(lists.key.value)' and '\(counter.key.value)'",
          detail: "'for' makes one copy for each value, '\(counter.key.value)' copies that are all the same.",
          at: counter.key.span, notes: [DiagnosticNote("the other one", at: lists.key.span)]))
      return nil
    }
    guard
      let rounds = lists.map({ rounds(of: $0, in: scope) }) ?? counter.map({ rounds(counting: $0, in: scope) })
        ?? [[:]]
    else { return nil }
    let own = isRepetition ? ["for", "times", "name"] : BlockUse.keys
    return BlockUse(
      name: name, label: label??.value ?? name.value, rounds: rounds, repeated: lists?.value.entries?.map(\.key) ?? [],
      arguments: entries.filter { !own.contains($0.key.value) })
  }

  /// `repeat: {times: 3, layers: [...]}`, or with `for` instead of `times`.
  func expandRepetition(_ use: BlockUse, in scope: Scope, into list: inout StepList) {
    let node = Node(.mapping(use.arguments), at: use.name.span)
    for entry in use.arguments where entry.key.value != "layers" {
      findings.add(
        Diagnostic(
          "key.unknown", "'repeat' has no key '\(entry.key.value)'",
          detail: "Its keys are \(wordList(repeatKind.table.fields.map(\.name))).", at: entry.key.span,
          suggestion: nearest(entry.key.value, in: repeatKind.table.fields.map(\.name))))
      return
    }
    let written = node.value(forKey: "layers")
    // A parameter can hold the list.
    let found = written.flatMap { $0.scalar == nil ? $0 : evaluator.evaluate($0, in: scope, as: .value) }
    if written != nil, found == nil { return }
    guard let items = found?.items else {
      findings.add(
        Diagnostic(
          found == nil ? "key.missing" : "value.type",
          found.map { "'layers' of 'repeat' must be a list, but is \($0.described)" } ?? "'repeat' has no 'layers'",
          detail: "Write 'layers:' and below it one layer an item.", at: found?.span ?? use.name.span))
      return
    }
    usesRepeats = true
    guard isAllowed(use), hasRoom(for: items, copies: use.rounds.count, at: use.name.span) else { return }
    for names in use.rounds {
      guard !isPastLimit else { return }
      var inner = scope
      inner.locals.merge(names) { _, new in new }
      expandCopy(of: use, items, in: inner, into: &list)
    }
  }

  private func reportArguments(of block: Block, _ arguments: Node) {
    findings.add(
      Diagnostic(
        "value.type", "'\(block.name.value)' is a block and takes a mapping, but this is \(arguments.described)",
        detail: block.parameters.isEmpty
          ? "It has no parameters: write just its name."
          : "Its parameters are " + wordList(block.parameters.map(\.name.value)) + ".",
        at: arguments.span, notes: [DiagnosticNote("the block", at: block.name.span)]))
  }

  /// As many rounds as the number says.
  private func rounds(counting entry: Entry, in scope: Scope) -> [[String: Binding]]? {
    usesRepeats = true
    guard let value = evaluator.evaluate(entry.value, in: scope, as: .value) else { return nil }
    guard let count = value.asInteger, count >= 0 else {
      findings.add(
        Diagnostic(
          "value.type", "'\(entry.key.value)' must be a whole number from 0 on, but is \(value.described)",
          detail: "It says how many copies there are.", at: value.span))
      return nil
    }
    // More than that end in an error with the first layer past the limit.
    return Array(repeating: [:], count: min(count, Self.repeatedLayerLimit + 1))
  }

  /// The names of `for` with their values, once for each copy.
  private func rounds(of entry: Entry, in scope: Scope) -> [[String: Binding]]? {
    usesRepeats = true
    guard let names = entry.value.entries, !names.isEmpty else {
      findings.add(
        Diagnostic(
          "block.for", "'for' takes names with a list of values each, but this is \(entry.value.described)",
          detail: "Write 'for: {out: [128, 256]}' for two copies.", at: entry.value.span))
      return nil
    }
    return rounds(names, in: scope)
  }

  private func rounds(_ names: [Entry], in scope: Scope) -> [[String: Binding]]? {
    var lists: [(key: Located<String>, list: Node)] = []
    var isUsable = true
    for name in names {
      guard checkName(name.key, "value of 'for'", findings) else {
        isUsable = false
        continue
      }
      guard let value = evaluated(name.value, in: scope) else {
        isUsable = false
        continue
      }
      if value.items == nil {
        findings.add(
          Diagnostic(
            "block.for",
            "'\(name.key.value)' needs a list with one value for each copy, but this is \(value.described)",
            detail: "Write the values in brackets: '[128, 256]'.", at: value.span))
        isUsable = false
      }
      lists.append((name.key, value))
    }
    guard isUsable, let first = lists.first else { return nil }
    let count = first.list.items?.count ?? 0
    for other in lists.dropFirst() where other.list.items?.count != count {
      findings.add(
        Diagnostic(
          "block.for",
          "the lists of 'for' differ in length: '\(first.key.value)' has \(count), "
            + "'\(other.key.value)' has \(other.list.items?.count ?? 0)",
          detail: "The lists of one 'for' go in step, so all of them have one value for each copy.",
          at: other.list.span, notes: [DiagnosticNote("the other list", at: first.list.span)]))
      return nil
    }
    return (0..<count).map { index in
      Dictionary(
        lists.compactMap { list in list.list.items.map { (list.key.value, .value($0[index])) } },
        uniquingKeysWith: { first, _ in first })
    }
  }
}
