import Spec
import Testing
import Training

@Suite struct OptimizerCatalogTests {
  @Test func adamHasThePyTorchDefaults() {
    let settings = OptimizerSettings(Steps.make("adam", of: OptimizerCatalog.kinds))
    guard case .adam(let adam) = settings else { return }
    #expect(settings.learningRate == 0.001)
    #expect([adam.beta1, adam.beta2, adam.epsilon, adam.weightDecay] == [0.9, 0.999, 1e-8, 0])
  }

  @Test func whatIsGivenIsTaken() {
    let beta = { (value: Double) in FieldValue(.number(value), origin: .standard) }
    let settings = OptimizerSettings(
      Steps.make(
        "adam", of: OptimizerCatalog.kinds,
        [
          "lr": .integer(1), "betas": .list([beta(0.5), beta(0.25)]), "eps": .number(1e-6),
          "weight_decay": .number(1e-4),
        ]))
    guard case .adam(let adam) = settings else { return }
    #expect([adam.learningRate, adam.beta1, adam.beta2, adam.epsilon, adam.weightDecay] == [1, 0.5, 0.25, 1e-6, 1e-4])
  }
}
