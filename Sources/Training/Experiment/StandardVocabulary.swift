import Corpus
import Layers
import Spec

extension Vocabulary {
  /// Every kind that this program implements, from the module that does.
  public static let standard = Vocabulary(
    LayerCatalog.vocabulary
      .merging(FeatureCatalog.kinds) { first, _ in first }
      .merging(
        [
          .augmentation: AugmentationCatalog.kinds, .splitPolicy: SplitCatalog.kinds,
          .optimizer: OptimizerCatalog.kinds, .schedule: ScheduleCatalog.kinds,
          .loss: LossCatalog.kinds, .weightAverage: WeightAverageCatalog.kinds,
          .tracker: TrackerCatalog.kinds,
        ]) { first, _ in first })
}
