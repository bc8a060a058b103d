import Spec

extension LayerCatalog {
  /// The kinds that are activations: values go through a function one by one. Tables of results give them a column.
  public static let activationNames: Set<String> = {
    var names: Set<String> = [FormulaLayer.kind.name]
    for layer in layers where layer is any ActivationLayer.Type || layer is any StandardActivation.Type {
      names.insert(layer.kind.name)
    }
    return names
  }()
}
