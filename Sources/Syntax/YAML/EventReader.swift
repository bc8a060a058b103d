import CYAML
import Diagnostics

/// One event of libyaml's parser, with the scalars that it covers.
struct YAMLEvent {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool)
    /// A scalar of more bytes than are allowed; its text was not copied.
    case oversizedScalar(bytes: Int)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  let kind: Kind
  let anchor: String?
  let tag: String?
  /// Scalars before the event and before its end.
  let start: Int
  let end: Int
}

/// What libyaml says where it cannot go on. Places are counted in scalars.
struct YAMLProblem: Error {
  let message: String
  let place: Int
  /// What was being read, and where it began.
  let context: String
  let contextPlace: Int?
}

/// Takes libyaml's events one by one, so that reading stops the moment a limit is passed.
struct EventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let scalarBytes: Int
  /// Scalars that stand before the text that libyaml sees.
  private let base: Int

  /// `text` is well-formed UTF-8 without control characters and must outlive the reader; nil where there is no memory
  /// for a parser.
  init?(_ text: UnsafeBufferPointer<UInt8>, base: Int, scalarBytes: Int) {
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    self.base = base
    self.scalarBytes = scalarBytes
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event. Throws `YAMLProblem`, after which the reader is at its end.
  mutating func next() throws(YAMLProblem) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    let data = event.data
    let (kind, anchor, tag): (YAMLEvent.Kind, UnsafeMutablePointer<yaml_char_t>?, UnsafeMutablePointer<yaml_char_t>?)
    switch event.type {
    case YAML_STREAM_START_EVENT: (kind, anchor, tag) = (.streamStart, nil, nil)
    case YAML_DOCUMENT_START_EVENT: (kind, anchor, tag) = (.documentStart, nil, nil)
    case YAML_DOCUMENT_END_EVENT: (kind, anchor, tag) = (.documentEnd, nil, nil)
    case YAML_ALIAS_EVENT: (kind, anchor, tag) = (.alias(text(data.alias.anchor) ?? ""), nil, nil)
    case YAML_SCALAR_EVENT:
      let scalar = data.scalar
      (kind, anchor, tag) = (self.scalar(scalar.value, scalar.length, scalar.style), scalar.anchor, scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      (kind, anchor, tag) = (.sequenceStart, data.sequence_start.anchor, data.sequence_start.tag)
    case YAML_SEQUENCE_END_EVENT: (kind, anchor, tag) = (.sequenceEnd, nil, nil)
    case YAML_MAPPING_START_EVENT:
      (kind, anchor, tag) = (.mappingStart, data.mapping_start.anchor, data.mapping_start.tag)
    case YAML_MAPPING_END_EVENT: (kind, anchor, tag) = (.mappingEnd, nil, nil)
    // libyaml gives an empty event for ever after the end of the stream.
    default: (kind, anchor, tag) = (.streamEnd, nil, nil)
    }
    return YAMLEvent(
      kind: kind, anchor: text(anchor), tag: text(tag), start: event.start_mark.index + base,
      end: event.end_mark.index + base)
  }

  private func scalar(
    _ value: UnsafeMutablePointer<yaml_char_t>?, _ length: Int, _ style: yaml_scalar_style_t
  ) -> YAMLEvent.Kind {
    guard length <= scalarBytes else { return .oversizedScalar(bytes: length) }
    let bytes = UnsafeBufferPointer(start: value, count: length)
    return .scalar(String(decoding: bytes, as: UTF8.self), isPlain: style == YAML_PLAIN_SCALAR_STYLE)
  }

  private func text(_ value: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    value.map { String(cString: $0) }
  }

  private func problem() -> YAMLProblem {
    let state = parser.pointee
    let message = state.problem.map { String(cString: $0) } ?? "there is not enough memory"
    let context = state.context.map { String(cString: $0) } ?? ""
    return YAMLProblem(
      message: message, place: state.problem_mark.index + base, context: context,
      contextPlace: context.isEmpty ? nil : state.context_mark.index + base)
  }
}
