import Diagnostics
import Spec
import Syntax
import Training

extension Explanation {
  /// The document of `explain --json`.
  public var json: JSON {
    var members: [(key: String, value: JSON)] = [
      ("key", .string(key)), ("subject", isParameter ? "parameter" : "value"), ("value", JSON(value)),
      ("doc", .string(doc)), ("accepts", .string(accepts)), ("default", standard.map { JSON($0) } ?? .null),
      ("chain", .array(chain.map(\.json))),
    ]
    if isParameter { members.append(("uses", .array(uses.map(JSON.string)))) }
    if !parts.isEmpty {
      let values = parts.map { part -> JSON in
        ["path": .string(part.path), "value": JSON(part.value), "origin": .string(originText(part.value.span))]
      }
      members.append(("values", .array(values)))
    }
    return .object(members)
  }
}

extension Explanation.Link {
  fileprivate var json: JSON {
    var members: [(key: String, value: JSON)] = []
    switch role {
    case .written: members.append(("role", "written"))
    case .overridden: members.append(("role", "overridden"))
    case .standard: members.append(("role", "default"))
    case .name(let name, let origin):
      let role =
        switch origin {
        case .parameter: "parameter"
        case .classes: "classes"
        case .block: "block_parameter"
        }
      members += [("role", .string(role)), ("name", .string(name))]
      if case .block(let block?) = origin { members.append(("block", .string(block))) }
    }
    members += [
      ("depth", .integer(depth)), ("text", .string(text)), ("value", value.map { JSON($0) } ?? .null),
      ("file", .optional(span?.file.name)), ("line", .optional(span?.start.line)),
      ("column", .optional(span?.start.column)), ("source", .optional(span.map { $0.file.line($0.start.line) })),
    ]
    return .object(members)
  }
}
