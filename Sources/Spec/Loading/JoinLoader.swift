import Diagnostics
import Syntax

/// Reads the corpora that a corpus joins, and fills in its name and the classes that they have in common.
struct JoinLoader {
  let loader: CorpusLoader

  /// `tree` with the keys of each corpus of `join` in place of its name; nil where one cannot be read.
  func load(_ tree: Node) -> Node? {
    guard let join = tree.entry(forKey: "join"), let items = join.value.items, !items.isEmpty else { return tree }
    let parts = items.map { item in item.isNull ? nil : loader.loadOne(item) }
    let loaded = parts.compactMap(\.self)
    guard loaded.count == items.count else { return nil }
    for (item, part) in zip(items, loaded) where part.value(forKey: "join") != nil {
      loader.findings.add(
        Diagnostic(
          "corpus.join_nested", "a joined corpus cannot be joined again",
          detail: "Name the corpora that it joins instead.", at: item.span))
      return nil
    }
    var names: Set<String> = []
    for (item, part) in zip(items, loaded) {
      guard let name = part.value(forKey: "name")?.scalar?.text, !names.insert(name).inserted else { continue }
      loader.findings.add(
        Diagnostic(
          "corpus.join_twice", "the corpus '\(name)' is joined twice", detail: "Each needs a name of its own.",
          at: item.span))
      return nil
    }
    var joined = tree.setting(join.key, to: Node(.sequence(loaded), at: join.value.span))
    if tree.value(forKey: "name") == nil {
      let name = loaded.map { $0.value(forKey: "name")?.scalar?.text ?? "?" }.joined(separator: "+")
      joined = joined.setting(Located("name", at: join.key.span), to: Node(string: name, at: join.key.span))
    }
    if tree.value(forKey: "classes") == nil {
      guard let classes = commonClasses(loaded, renamed: tree.value(forKey: "labels"), at: join.key.span) else {
        return nil
      }
      joined = joined.setting(Located("classes", at: join.key.span), to: classes)
    }
    return joined
  }

  /// The names that all corpora have, in the order of the first.
  private func commonClasses(_ parts: [Node], renamed labels: Node?, at span: SourceSpan) -> Node? {
    let names = parts.map { part in
      Self.classNames(part).compactMap { name -> String? in
        guard let target = labels?.value(forKey: name) else { return name }
        return target.isNull ? nil : target.scalar?.text
      }
    }
    var seen: Set<String> = []
    let common = names[0].filter { name in names.allSatisfy { $0.contains(name) } && seen.insert(name).inserted }
    if common.count >= 2 { return Node(.sequence(common.map { Node(string: $0, at: span) }), at: span) }
    let lists = zip(parts, names).map { part, names in
      "\(part.value(forKey: "name")?.scalar?.text ?? "?"): \(names.joined(separator: ", "))"
    }
    loader.findings.add(
      Diagnostic(
        "corpus.join_classes", "the corpora have \(common.isEmpty ? "no class" : "only one class") in common",
        detail: "Classes are joined by name, and a name can be changed under `labels`: {name: joint name}. Found "
          + lists.joined(separator: "; ") + ".", at: span))
    return nil
  }

  /// The names of the classes that a corpus file lists.
  private static func classNames(_ part: Node) -> [String] {
    guard let classes = part.value(forKey: "classes") else { return [] }
    if let items = classes.items { return items.compactMap { $0.scalar?.text } }
    if let entries = classes.entries { return entries.compactMap { $0.value.scalar?.text } }
    return (0..<max(0, min(classes.asInteger ?? 0, 100_000))).map(String.init)
  }
}
