"""The trade in plain Python: values, rules, views and the ports that the outside is reached by. Standard library only."""
