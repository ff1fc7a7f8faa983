import time
from tests.contracts.constants import FACE
def test_road(twin, core, tier1, tier2, financier, rando):
    t=time.time()
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 90)])
    twin.accept(tier1.key, 1)
    with twin.refused("NotOffered", 1, 3): twin.accept(tier1.key, 1)
    print("TOOK", time.time()-t)
