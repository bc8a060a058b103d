import Diagnostics

/// A pattern of file names, such as `{speaker}_{sentence}_{emotion}` or `{speaker:2}{text:3}{emotion:1}`.
///
/// A field with a width takes that many characters; one without takes one character or more, as few as let the rest
/// of the pattern match. No field takes a `/`. The whole name must match. Two fields without a width cannot stand
/// side by side, as nothing would say where the first ends.
///
/// A pattern with slashes, such as `{speaker}/{emotion}/{clip}`, tells the last folders of a path, too: as many as it names,
/// however deep they lie. `**` between slashes stands for any number of folders, none among them.
public struct NamePattern: Sendable {
  enum Part: Sendable, Equatable {
    case literal([Character])
    case field(index: Int, width: Int?)
    /// `**/`: any number of folders.
    case folders
  }

  /// The pattern as written.
  public let text: String
  /// Names of the fields, in order, each once.
  public let fields: [String]
  let parts: [Part]

  /// Whether the pattern tells folders, too.
  public var spansFolders: Bool { text.contains("/") }

  /// The fields' texts in `name`, a file name without its ending, in the order of `fields`; nil where it does not match.
  public func match(_ name: String) -> [String]? {
    var matcher = Matcher(parts: parts, name: Array(name), fieldCount: fields.count)
    return matcher.matches(from: 0) ? matcher.values : nil
  }

  /// The same for a path without ending, of which the pattern tells the end: the file name, or that and the last folders.
  public func match(path: String) -> [String]? {
    guard spansFolders else { return match(fileName(path)) }
    let characters = Array(path)
    var matcher = Matcher(parts: parts, name: characters, fieldCount: fields.count)
    let starts = [0] + characters.indices.filter { characters[$0] == "/" }.map { $0 + 1 }
    return starts.reversed().contains { matcher.matches(from: $0) } ? matcher.values : nil
  }

  /// The name, without ending, whose fields are `values`, in the order of `fields`.
  public func name(_ values: [String]) -> String {
    parts.map { part in
      switch part {
      case .literal(let characters): String(characters)
      case .field(let index, _): values[index]
      case .folders: ""
      }
    }.joined()
  }
}

/// Matches one name by trying each field's shortest text first. Places that failed once are remembered, so that no
/// name takes longer than its length times the pattern's, however the two repeat themselves.
private struct Matcher {
  private let parts: [NamePattern.Part]
  private let name: [Character]
  private var failed: Set<Int> = []
  private(set) var values: [String]

  init(parts: [NamePattern.Part], name: [Character], fieldCount: Int) {
    self.parts = parts
    self.name = name
    values = Array(repeating: "", count: fieldCount)
  }

  mutating func matches(from start: Int) -> Bool { matches(part: 0, from: start) }

  private mutating func matches(part: Int, from start: Int) -> Bool {
    guard part < parts.count else { return start == name.count }
    let place = part * (name.count + 1) + start
    if failed.contains(place) { return false }
    switch parts[part] {
    case .literal(let characters):
      if name[start...].starts(with: characters), matches(part: part + 1, from: start + characters.count) {
        return true
      }
    case .field(let index, let width):
      let room = name[start...].prefix { $0 != "/" }.count
      let lengths = width.map { $0...$0 } ?? 1...max(1, room)
      for length in lengths where length <= room {
        if matches(part: part + 1, from: start + length) {
          values[index] = String(name[start..<start + length])
          return true
        }
      }
    case .folders:
      let starts = [start] + name.indices[start...].filter { name[$0] == "/" }.map { $0 + 1 }
      if starts.contains(where: { matches(part: part + 1, from: $0) }) { return true }
    }
    failed.insert(place)
    return false
  }
}
