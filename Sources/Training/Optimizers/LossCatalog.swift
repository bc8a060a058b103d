import Spec

/// The kinds of `.loss`: what may stand in `train.loss`. Their arithmetic is in TensorRuntime.
public enum LossCatalog {
  public static let kinds: [Kind] = [
    Kind(
      "cross_entropy",
      summary: "The negative log-probability of the true class after softmax, as PyTorch's CrossEntropyLoss.",
      formula: """
        loss = sum over n of w[y_n] * l_n / sum over n of w[y_n]
        l_n = -log p[n, y_n], p = softmax(z); w: the class weights, all 1 without.
        With label_smoothing e: w[y_n] * l_n is (1 - e) times that and e / classes times sum over k of w[k] * -log p[n, k].
        z: [N, classes], the model's logits; y: the true classes. A clip that mixup made counts for both of its
        classes by their shares.
        """,
      example: "loss: {cross_entropy: {label_smoothing: 0.1, class_weights: balanced}}",
      table: FieldTable([
        Field(
          "label_smoothing", .number(min: 0, max: 1), default: .value(.number(0)),
          doc: "The share of the target that is spread over all classes."),
        Field(
          "class_weights", weights, default: .value(.none),
          doc: "Weights by class name, 1 where one is not named; or 'balanced', clips / (classes * clips of the class)."
        ),
      ])),
    Kind(
      "focal", summary: "Cross entropy that counts clips less the surer the model is of their class.",
      formula: """
        loss = 1/N * sum over n of alpha[y_n] * (1 - p[n, y_n])^gamma * -log p[n, y_n], p = softmax(z)
        Lin, Goyal, Girshick, He, Dollár 2017, "Focal loss for dense object detection". gamma 0 is cross entropy.
        """,
      example: "loss: {focal: {gamma: 2}}",
      table: FieldTable(
        [
          Field(
            "gamma", .number(min: 0), default: .value(.number(2)),
            doc: "How much less the clips count that the model is sure of."),
          Field(
            "alpha", weights, default: .value(.none),
            doc: "Weights by class name, or 'balanced', as 'class_weights' of 'cross_entropy'."),
        ], primary: "gamma")),
  ]

  private static let weights = FieldType.optional(
    .either([.choice(["balanced"]), .dictionary(.number(min: 0, exclusiveMin: true))]))
}
