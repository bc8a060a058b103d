import Foundation

/// Paths as people gave them: kept relative where they were, since messages and records show them.
enum Paths {
  /// The folder that `path` lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last component of `path` without its ending.
  static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return file }
    return String(file[..<dot])
  }

  /// `relative` as seen from `folder`, without needless `..`.
  static func join(_ folder: String, _ relative: String) -> String {
    if relative.hasPrefix("/") || folder == "." { return relative }
    let plain = folder.hasSuffix("/") ? folder + relative : "\(folder)/\(relative)"
    let short = shortened(plain)
    // `a/../b` is not `b` where `a` is a link to elsewhere.
    return canonical(short) == canonical(plain) ? short : plain
  }

  /// The absolute path without links, by which one file is known however it is named.
  static func canonical(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// An absolute path relative to the working directory where it lies in it.
  static func display(_ path: String) -> String {
    let here = canonical(".")
    return path.hasPrefix(here + "/") ? String(path.dropFirst(here.count + 1)) : path
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The names of the files in `folder` that end in `ending`, without it, sorted; none where there is no such folder.
  static func stems(in folder: String, ending: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  private static func shortened(_ path: String) -> String {
    var kept: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = kept.last, last != ".." {
        kept.removeLast()
      } else {
        kept.append(part)
      }
    }
    let joined = kept.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + joined : (joined.isEmpty ? "." : joined)
  }
}
