/// A line of YAML and the comment at its end.
struct EmittedLine {
  let text: String
  let comment: String?
}

/// The lines as one text with a break at the end of each. Comments stand below each other in every run of lines that
/// have one, but not so far to the right that they part from short lines.
func joined(_ lines: [EmittedLine]) -> String {
  let farthest = 48
  var result = ""
  var column = 0
  for (index, line) in lines.enumerated() {
    result += line.text
    if let comment = line.comment {
      let width = line.text.unicodeScalars.count
      if index == 0 || lines[index - 1].comment == nil {
        let run = lines[index...].prefix { $0.comment != nil }
        column = run.map { $0.text.unicodeScalars.count }.filter { $0 <= farthest }.max() ?? 0
      }
      result += String(repeating: " ", count: max(column - width, 0) + 2) + "# " + oneLine(comment)
    }
    result += "\n"
  }
  return result
}

/// The comment without breaks and controls, which would end it.
private func oneLine(_ comment: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in comment.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
    default: result.append(scalar)
    }
  }
  return String(result)
}
