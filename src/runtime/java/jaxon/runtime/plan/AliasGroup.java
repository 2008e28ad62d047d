package jaxon.runtime.plan;

import org.jspecify.annotations.Nullable;

/// A value and its views: they live and die together in one storage.
final class AliasGroup {
  final long bytes;

  /// The last step that reads a member; the number of steps when a member is a program output.
  int lastUse;

  /// The last step that reads a member, holding aside; -1 if none does.
  int lastRead;

  /// The first program output that is this storage whole and in order, or -1.
  int output = -1;

  /// The storage, once chosen.
  @Nullable Storage storage;

  /// True once a later value was put over this one.
  boolean overwritten;

  AliasGroup(long bytes, int lastUse, int lastRead) {
    this.bytes = bytes;
    this.lastUse = lastUse;
    this.lastRead = lastRead;
  }

  /// The storage, which must have been chosen.
  Storage chosen() {
    if (storage == null) {
      throw new IllegalStateException("a value is used before its storage is chosen");
    }
    return storage;
  }
}
