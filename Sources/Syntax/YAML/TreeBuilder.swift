import Diagnostics

/// Makes the tree from libyaml's events and collects what is wrong with it.
struct TreeBuilder: ~Copyable {
  /// A tree with what the limits ask of it.
  struct Built {
    let node: Node
    /// Values in it.
    let size: Int
    /// Collections within each other.
    let height: Int
  }

  /// Thrown once the findings say why reading cannot go on.
  struct Stop: Error {}

  private enum Anchor {
    case open(SourceSpan)
    case closed(Built)
  }

  let map: SourceMap
  private var reader: EventReader
  private let limits: SyntaxLimits
  private(set) var findings: [Diagnostic] = []
  private var anchors: [String: Anchor] = [:]
  private var aliasCount = 0
  private var size = 0
  private var depth = 0
  /// Where the last value that was read ends in the text.
  private var lastEnd = SourcePosition(line: 1, column: 1)

  init(_ reader: consuming EventReader, map: SourceMap, limits: SyntaxLimits) {
    self.reader = reader
    self.map = map
    self.limits = limits
  }

  /// The only document of the stream. Throws `DiagnosticFailure` with all findings.
  mutating func document() throws -> Node {
    do {
      let root = try contents()
      if findings.isEmpty { return root }
    } catch is Stop {
    } catch let problem as YAMLProblem {
      findings.append(diagnostic(of: problem, in: map))
    }
    // A key is looked at after its value: put the findings in the order of the text.
    throw DiagnosticFailure(findings.sorted { before($0.span, $1.span) })
  }

  mutating func report(_ finding: Diagnostic) { findings.append(finding) }

  private mutating func contents() throws -> Node {
    _ = try reader.next()
    guard case .documentStart = try reader.next().kind else {
      report(
        Diagnostic(
          "file.empty", "\(map.file.name) holds no value", detail: "There is nothing in it but blanks and comments."))
      throw Stop()
    }
    let root = try value(try reader.next()).node
    _ = try reader.next()
    let next = try reader.next()
    if case .documentStart = next.kind {
      report(
        Diagnostic(
          "yaml.documents", "a second document begins here",
          detail: "A file holds one document. Delete the line '---', or move what follows to a file of its own.",
          at: map.span(next.start, next.end)))
    }
    return root
  }

  /// The value that `event` begins.
  private mutating func value(_ event: YAMLEvent) throws -> Built {
    let properties = Properties(of: event, in: map)
    let place = map.span(properties.end, properties.end + 1)
    if case .alias(let name) = event.kind {
      let span = map.span(event.start, event.end)
      lastEnd = span.end
      return try alias(name, at: span)
    }
    try count(1, at: place)
    if let anchor = event.anchor { anchors[anchor] = .open(properties.anchorSpan(in: map)) }
    let built: Built
    switch event.kind {
    case .scalar(let text, let isPlain):
      let node = scalar(text, isPlain: isPlain, from: properties, event)
      built = Built(node: node, size: 1, height: 0)
    case .oversizedScalar(let bytes):
      report(
        Diagnostic(
          "limit.scalar", "a text of \(bytes) bytes is too long",
          detail: "At most \(limits.scalarBytes) bytes are read.", at: place))
      throw Stop()
    case .sequenceStart:
      checkTag(properties, of: .sequence)
      built = try sequence(event, from: properties.end)
    case .mappingStart:
      checkTag(properties, of: .mapping)
      built = try mapping(event, from: properties.end)
    default:
      // libyaml's grammar has a value here.
      throw Stop()
    }
    lastEnd = built.node.span.end
    if let anchor = event.anchor { anchors[anchor] = .closed(built) }
    return built
  }

  private mutating func sequence(_ event: YAMLEvent, from start: Int) throws -> Built {
    try descend(at: start)
    defer { depth -= 1 }
    var items: [Node] = []
    var size = 1
    var height = 0
    while true {
      let event = try reader.next()
      if case .sequenceEnd = event.kind {
        let span = collectionSpan(start, closedBy: event)
        return Built(node: Node(.sequence(items), at: span), size: size, height: height + 1)
      }
      let item = try value(event)
      items.append(item.node)
      size += item.size
      height = max(height, item.height)
    }
  }

  private mutating func mapping(_ event: YAMLEvent, from start: Int) throws -> Built {
    try descend(at: start)
    defer { depth -= 1 }
    var content = MappingContent()
    var size = 1
    var height = 0
    while true {
      let event = try reader.next()
      if case .mappingEnd = event.kind {
        let span = collectionSpan(start, closedBy: event)
        return Built(node: Node(.mapping(content.entries()), at: span), size: size, height: height + 1)
      }
      var hasTag = event.tag != nil
      if case .alias = event.kind { hasTag = true }
      let key = try value(event)
      var item = try value(try reader.next())
      // `{conv, out}` gives keys without values: these stand right behind their keys, not at the next token.
      if let scalar = item.node.scalar, scalar.text.isEmpty, scalar.style == .plain, item.node.span.isEmpty {
        let place = SourceSpan(file: map.file, start: key.node.span.end, end: key.node.span.end)
        item = Built(node: item.node.at(place), size: 1, height: 0)
        lastEnd = max(key.node.span.end, place.end)
      }
      size += key.size + item.size
      height = max(height, item.height)
      if let finding = content.add(key.node, item.node, keyMayMerge: !hasTag) { report(finding) }
    }
  }

  private mutating func alias(_ name: String, at span: SourceSpan) throws -> Built {
    aliasCount += 1
    if aliasCount > limits.aliases {
      report(
        Diagnostic(
          "limit.aliases", "more than \(limits.aliases) aliases",
          detail: "Name repeated layers with 'blocks', and values with 'params'.", at: span))
      throw Stop()
    }
    switch anchors[name] {
    case .closed(let built):
      try count(built.size, at: span)
      if depth + built.height > limits.depth { throw tooDeep(at: span) }
      return built
    case .open(let anchor):
      report(
        Diagnostic(
          "alias.cycle", "'*\(name)' stands inside the value that it means",
          detail: "The value would contain itself without end.", at: span,
          notes: [DiagnosticNote("the value begins here", at: anchor)]))
    case nil:
      let near = nearest(name, in: anchors.keys.sorted())
      report(
        Diagnostic(
          "alias.unknown", "no anchor '&\(name)' stands before this alias",
          detail: "'*' begins an alias. Put quotes around the text if none was meant.", at: span,
          suggestion: near.map { "*" + $0 }))
    }
    return Built(node: .null(at: span), size: 1, height: 0)
  }

  private mutating func scalar(_ text: String, isPlain: Bool, from properties: Properties, _ event: YAMLEvent) -> Node {
    let first = map.byte(properties.end)
    let isQuoted = first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
    // libyaml ends plain and block scalars at what follows them.
    let end = isQuoted ? event.end : map.trimmed(properties.end, event.end)
    let span = map.span(properties.end, end)
    let style = checkTag(properties, of: .scalar(Scalar(text, style: isPlain ? .plain : .quoted)))
    return Node(scalar: text, style: style ?? (isPlain ? .plain : .quoted), at: span)
  }

  /// The style that a tag gives to a scalar, or nil where there is none.
  @discardableResult
  private mutating func checkTag(_ properties: Properties, of subject: TagSubject) -> Scalar.Style? {
    guard let tag = properties.tag else { return nil }
    switch style(of: tag, on: subject, at: properties.tagSpan(in: map)) {
    case .success(let style): return style
    case .failure(let finding):
      report(finding)
      return nil
    }
  }

  /// Flow collections end with their bracket; block collections end with their last value, though libyaml takes them up
  /// to the next token.
  private func collectionSpan(_ start: Int, closedBy event: YAMLEvent) -> SourceSpan {
    let first = map.byte(start)
    let isFlow = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    let ending = event.end > event.start ? map.byte(event.end - 1) : 0
    if isFlow, ending == UInt8(ascii: "]") || ending == UInt8(ascii: "}") { return map.span(start, event.end) }
    let from = map.position(start)
    return SourceSpan(file: map.file, start: from, end: max(from, lastEnd))
  }

  private mutating func descend(at index: Int) throws {
    depth += 1
    if depth > limits.depth { throw tooDeep(at: map.span(index, index + 1)) }
  }

  private mutating func tooDeep(at span: SourceSpan) -> Stop {
    report(
      Diagnostic(
        "limit.depth", "more than \(limits.depth) lists and mappings within each other",
        detail: "No spec needs as many. Is a bracket never closed?", at: span))
    return Stop()
  }

  private mutating func count(_ values: Int, at span: SourceSpan) throws {
    size += values
    if size > limits.nodes {
      report(
        Diagnostic(
          "limit.nodes", "more than \(limits.nodes) values in one file",
          detail: "An alias counts as all the values that it stands for.", at: span))
      throw Stop()
    }
  }
}

private func before(_ a: SourceSpan?, _ b: SourceSpan?) -> Bool {
  guard let a, let b else { return false }
  return a.start < b.start
}

extension SourceSpan {
  var isEmpty: Bool { start == end }
}
