import Spec

/// The kinds of `.loss`: what may stand in `train.loss`. Their arithmetic is in TensorRuntime.
public enum LossCatalog {
  public static let kinds: [Kind] = [
    Kind(
      "cross_entropy", summary: "The negative log-probability of the true class after softmax, mean over the batch.",
      formula: """
        loss = -1/N * sum over clips n of log(exp(z[n, y_n]) / sum over k of exp(z[n, k]))
        z: [N, classes], the model's logits; y: the true classes.
        """,
      example: "loss: cross_entropy", table: FieldTable([]))
  ]
}
