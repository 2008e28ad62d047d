package jaxon.collective.algorithm;

import java.util.List;

/// Some ranks of a world, from the view of one of them.
///
/// @param place this rank's place in the group
/// @param members places in the world
/// @param id the same for the same members on every rank
record Group(int place, List<Integer> members, long id) {
  private static final long OFFSET = 0xCBF2_9CE4_8422_2325L;
  private static final long PRIME = 0x0000_0100_0000_01B3L;

  /// The id is FNV-1a over the members.
  static Group of(int place, List<Integer> members) {
    long hash = OFFSET;
    for (int member : members) {
      hash = (hash ^ member) * PRIME;
    }
    return new Group(place, members, hash);
  }

  int size() {
    return members.size();
  }

  /// The place of the rank that is `steps` after this one, around the group.
  int after(long steps) {
    return (int) Math.floorMod(place + steps, (long) size());
  }

  int world(int member) {
    return members.get(member);
  }
}
