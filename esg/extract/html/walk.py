"""A tree → visits, without recursion: hostile pages nest a million deep."""

from collections.abc import Callable

from selectolax.lexbor import LexborNode


def walk(root: LexborNode, enter: Callable[[LexborNode], bool], leave: Callable[[LexborNode], None]) -> None:
    """Visit `root` and what is below in document order; where `enter` says False, nothing below is visited.

    `leave` follows every `enter`.
    """
    node, depth = root, 0
    while True:
        child = node.first_child if enter(node) else None
        if child is not None:
            node, depth = child, depth + 1
            continue
        leave(node)
        while depth and node.next is None:
            node, depth = _parent(node), depth - 1
            leave(node)
        following = node.next
        if not depth or following is None:
            return
        node = following


def _parent(node: LexborNode) -> LexborNode:
    if node.parent is None:
        raise ValueError("the node lies outside the tree that is walked")
    return node.parent
