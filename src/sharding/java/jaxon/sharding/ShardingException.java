package jaxon.sharding;

/// A mesh or a sharding was asked for that the devices or the shapes do not allow.
///
/// Wrong, on eight devices:
///
/// ```
/// ici_fsdp_parallelism=3 ici_tensor_parallelism=2
/// ```
///
/// Right: sizes that multiply to the number of devices, or one −1 that takes what is left.
///
/// ```
/// ici_fsdp_parallelism=-1 ici_tensor_parallelism=2
/// ```
public final class ShardingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ShardingException(String message) {
    super(message);
  }
}
