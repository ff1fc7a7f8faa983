"""The protocol in plain Python: an independent opinion on what the contracts must do.

Written from the interfaces' NatSpec and the protocol's table, with exact integers and no chain. Days are business-zone
day numbers, amounts minor units, rates basis points, times Unix seconds.
"""
