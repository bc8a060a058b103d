/// Comma-separated values as RFC 4180 defines them, except that lines end in a line feed alone: what `awk`, `cut` and `git diff` expect.
public enum CSV {
  /// A table as text: a header, then a line a row, each ending in a line feed. Rows may not be longer or shorter than the header.
  public static func text(header: [String], rows: some Sequence<[String]>) -> String {
    var text = line(header)
    for row in rows {
      precondition(row.count == header.count, "a row has as many fields as the header")
      text += line(row)
    }
    return text
  }

  /// One line with its line feed.
  public static func line(_ fields: [String]) -> String {
    // A lone empty field would be an empty line, which readers skip.
    if fields == [""] { return "\"\"\n" }
    return fields.map(field).joined(separator: ",") + "\n"
  }

  /// A number in the shortest form that reads back as the same value; `nan`, `inf` and `-inf` as Python and R read them.
  public static func number(_ value: Double) -> String { value.isNaN ? "nan" : value.description }

  /// One field: in quotes, with its quotes doubled, where it holds a comma, a quote or a line break.
  public static func field(_ text: String) -> String {
    let special = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    if !special { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
