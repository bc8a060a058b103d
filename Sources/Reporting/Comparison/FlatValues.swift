import Planning
import Spec
import Syntax

extension ExperimentComparison {
  /// All differences as values, field by field, those of layers among them: what `diff --values` lists.
  public var flatValues: [ValueChange] {
    values + model.changes.flatMap(flat)
  }

  private func flat(_ change: ModelChange) -> [ValueChange] {
    guard change.kind == .changed, !change.fields.isEmpty else {
      return [ValueChange(change.kind, in: .model, before: side(change.before), after: side(change.after))]
    }
    return change.fields.map { field in
      let kind: ChangeKind = field.before == nil ? .added : field.after == nil ? .removed : .changed
      return ValueChange(
        kind, in: .model, before: side(change.before, field.name, field.before),
        after: side(change.after, field.name, field.after))
    }
  }

  private func side(_ side: ModelChange.Side?) -> ValueChange.Side? {
    side.map { ValueChange.Side(path: $0.path, node: $0.value, index: $0.index) }
  }

  private func side(_ side: ModelChange.Side?, _ field: String, _ node: Node?) -> ValueChange.Side? {
    guard let side, let node else { return nil }
    return ValueChange.Side(path: "\(side.path).\(field)", node: node)
  }
}
