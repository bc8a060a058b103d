import Diagnostics

/// The anchor and the tag before a value, which libyaml counts as parts of it.
struct Properties {
  /// Where the value itself begins.
  let end: Int
  private(set) var tag: String?
  private var anchorRange: Range<Int>
  private var tagRange: Range<Int>

  init(of event: YAMLEvent, in map: SourceMap) {
    var index = event.start
    anchorRange = index..<index
    tagRange = index..<index
    tag = event.tag
    // What stands before a mapping without brackets may belong to its first key instead.
    var awaitsAnchor = event.anchor != nil
    var awaitsTag = event.tag != nil
    if case .scalar = event.kind { awaitsTag = true }
    reading: while index < event.end {
      switch map.byte(index) {
      case UInt8(ascii: "&") where awaitsAnchor:
        anchorRange = Properties.word(from: index, to: event.end, in: map)
        awaitsAnchor = false
        index = anchorRange.upperBound
      case UInt8(ascii: "!") where awaitsTag:
        tagRange = Properties.word(from: index, to: event.end, in: map)
        awaitsTag = false
        index = tagRange.upperBound
        // A lone "!" makes any scalar a text; libyaml keeps quiet about it.
        if tag == nil { tag = "!" }
      case let byte where isSpace(byte):
        index += 1
      case UInt8(ascii: "#"):
        index = map.lineRange(at: index).upperBound
      default:
        break reading
      }
    }
    end = index
  }

  private static func word(from start: Int, to end: Int, in map: SourceMap) -> Range<Int> {
    var index = start
    while index < end, !isSpace(map.byte(index)) { index += 1 }
    return start..<index
  }

  func anchorSpan(in map: SourceMap) -> SourceSpan { map.span(anchorRange.lowerBound, anchorRange.upperBound) }

  func tagSpan(in map: SourceMap) -> SourceSpan { map.span(tagRange.lowerBound, tagRange.upperBound) }
}
