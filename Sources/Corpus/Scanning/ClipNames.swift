import Diagnostics
import Spec

/// Finds clips by the names that lists and tables call them: the path below the corpus's folder or, where a name has no slash,
/// the file name; the ending may be left out.
struct ClipNames {
  private var byPath: [String: Int] = [:]
  /// Nil where several files have the name.
  private var byName: [String: Int?] = [:]
  private let names: [String]

  init(_ clips: [ClipReference]) { self.init(clips.map(\.relativePath)) }

  init(_ paths: [String]) {
    names = paths
    for (index, path) in paths.enumerated() {
      let stem = withoutEnding(path)
      for key in Set([path, stem]) { byPath[key] = byPath[key] ?? index }
      for key in Set([fileName(path), fileName(stem)]) { byName[key] = byName.keys.contains(key) ? .some(nil) : index }
    }
  }

  /// The clip that `name` stands for; nil where there is none, or more than one in different folders.
  func index(_ name: String) -> Int? {
    if let index = byPath[name] { return index }
    return name.contains("/") ? nil : byName[name] ?? nil
  }

  /// A name that is most like `name`.
  func nearest(_ name: String) -> String? {
    // Names of a corpus are much alike: those that begin as this one does come first.
    let sorted = names.sorted { commonPrefix($0, name) > commonPrefix($1, name) }
    return Diagnostics.nearest(name, in: sorted.prefix(50))
  }

  private func commonPrefix(_ left: String, _ right: String) -> Int {
    zip(left.utf8, right.utf8).prefix { $0 == $1 }.count
  }
}

/// The last component of a path.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// A path without the ending of its file name.
func withoutEnding(_ path: String) -> String {
  guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/"), dot != path.startIndex else { return path }
  return String(path[..<dot])
}

/// A path as seen from the file that says it; from the working directory where a command line does.
func besideFile(of path: Located<String>) -> String {
  let written = path.span.file.name
  guard !path.value.hasPrefix("/"), !written.hasPrefix("--"), let slash = written.lastIndex(of: "/") else {
    return path.value
  }
  return written[...slash] + path.value
}
