"""Holds a folded stream against iproute2, field by field."""

import fnmatch
import time

from support import iproute

# What nlwatch leaves out, by name: none of it is state that the kernel announces.
LEFT_OUT = {
    "promiscuity": "a count that changes without a message",
    "allmulti": "a count that changes without a message",
    "inet6_addr_gen_mode": "of AF_SPEC, whose content depends on when the message was built",
    "valid_life_time": "a lifetime",
    "preferred_life_time": "a lifetime",
}
LEFT_OUT_OF_KIND_DATA = {
    "bridge": ("hello_timer", "tcn_timer", "topology_change_timer", "gc_timer",  # timers
               "topology_change", "topology_change_detected"),                   # transient flags
    # What depends on who makes the kernel tell it: on his rights, or on his user namespace.
    "bond": ("ad_actor_sys_prio", "ad_user_port_key", "ad_actor_system"),
    "tun": ("user", "group"),
}
LEFT_OUT_OF_PORT_DATA = {
    "bridge": ("hold_timer", "message_age_timer", "forward_delay_timer",  # timers
               "topology_change_ack", "config_pending",                   # transient flags
               "group_fwd_mask_str"),                                     # iproute2's second spelling of group_fwd_mask
    "bond": ("link_failure_count",                                         # a counter
             "ad_actor_oper_port_state_str", "ad_partner_oper_port_state_str"),  # second spellings
}
COMPUTED_FLAGS = {"M-DOWN"}  # iproute2's own, from the state of the link below

# What nlwatch says beside iproute2's words.
OURS = {"carrier", "state", "state_reason", "link_kind", "ifname_hex", "ifalias_hex", "altnames_hex", "label_hex",
        "master_hex", "link_hex"}
OURS_OF_ADDRESS = {"ifindex", "ifname", "ifname_hex", "link_kind", "usable", "label_hex",
                   "protocol"}  # IFA_PROTO: iproute2 6.1 does not know it


def kernel_objects(namespace, netns):
    """key -> object as iproute2 tells it. netns: the cookie, which keys hold."""
    objects = {}
    for row in iproute.show(namespace, "link"):
        objects[f"link/{netns}/{row['ifindex']}"] = _link(row)
    for row in iproute.show(namespace, "addr"):
        for address in row.get("addr_info", []):
            if not address:
                continue
            local, family = address["local"], address["family"]
            key = f"address/{netns}/{row['ifindex']}/{family}/{local}"
            if family == "inet":
                key += f"/{address['prefixlen']}/{address.get('address', local)}"
            objects[key] = {name: value for name, value in address.items() if name not in LEFT_OUT}
            objects[key] |= {"ifindex": row["ifindex"], "ifname": row["ifname"]}
    return objects


def differences(folded, kernel, ignore=()):
    """Sentences about what the two disagree in; none = they agree. Missing and surplus keys and fields count.

    ignore: names of top-level fields to pass over, each with a reason where it is called."""
    found = [f"{key}: in the kernel, not in the stream" for key in kernel.keys() - folded.keys()]
    found += [f"{key}: in the stream, not in the kernel" for key in folded.keys() - kernel.keys()]
    for key in sorted(kernel.keys() & folded.keys()):
        ours = OURS if key.startswith("link/") else OURS_OF_ADDRESS
        theirs, held = kernel[key], folded[key]
        found += [f"{key}: {difference}" for name in sorted((theirs.keys() | held.keys()) - set(ignore))
                  if name in theirs or name not in ours
                  for difference in _value_differences(name, theirs.get(name), held.get(name))]
    return found


def _value_differences(path, theirs, held):
    if isinstance(theirs, dict) and isinstance(held, dict):
        return [difference for name in sorted(theirs.keys() | held.keys())
                for difference in _value_differences(f"{path}.{name}", theirs.get(name), held.get(name))]
    return [] if theirs == held else [f"{path}: kernel {theirs!r}, stream {held!r}"]


def _link(row):
    link = {name: value for name, value in row.items() if name not in LEFT_OUT and value is not None}
    link["flags"] = [flag for flag in row["flags"] if flag not in COMPUTED_FLAGS]
    info = link.get("linkinfo", {})
    for data, kind, left_out in (("info_data", "info_kind", LEFT_OUT_OF_KIND_DATA),
                                 ("info_slave_data", "info_slave_kind", LEFT_OUT_OF_PORT_DATA)):
        for name in left_out.get(info.get(kind), ()):
            info.get(data, {}).pop(name, None)
    return link


def within(objects, interface="*", kind="*", link_kind="*"):
    """The objects of a scope of one pattern a word."""
    return {key: value for key, value in objects.items()
            if fnmatch.fnmatchcase(value["ifname"], interface) and key.startswith(kind.rstrip("*"))
            and fnmatch.fnmatchcase(value.get("link_kind", "none"), link_kind)}


def settle(namespace, client, timeout=60):
    """Waits until the stream has told of all that was done before this call."""
    _settle(namespace, [client], timeout)


def _settle(namespace, clients, timeout):
    """A token as the alias of lo is the last of the changes: the kernel queues its event before it answers. If that
    event is lost, the resync brings it, the alias being part of the row."""
    token = f"settled-{time.monotonic_ns()}"
    namespace.ip("link", "set", "lo", "alias", token)
    for client in clients:
        client.until(lambda fold: fold.settled and (fold.link("lo") or {}).get("ifalias") == token, timeout)


def assert_agrees(namespace, client, timeout=60, ignore=()):
    """The client's fold equals the kernel at a quiet moment: settled, and two equal dumps with no record between.

    What the kernel does later of itself (duplicate address detection, carrier) only makes it look again."""
    assert_all_agree(namespace, [client], timeout, ignore)


def assert_all_agree(namespace, clients, timeout=60, ignore=()):
    """The folds of all clients do, at one quiet moment; of those with a scope, as far as that reaches.

    Of each daemon one client at least must have none: it is they who tell that all was told."""
    deadline = time.monotonic() + timeout
    whole = [client for client in clients if not client.scope]
    _settle(namespace, whole, timeout)
    netns = whole[0].fold.netns
    while True:
        kernel = kernel_objects(namespace, netns)
        for client in clients:
            client.advance()
        seqs = [client.fold.seq for client in whole]
        found = [f"{difference} (client {number})" for number, client in enumerate(clients)
                 for difference in _disagreement(client, kernel, ignore)]
        again = kernel_objects(namespace, netns)
        for client in whole:
            client.advance()
        quiet = kernel == again and seqs == [client.fold.seq for client in whole] and all(
            client.fold.settled for client in clients)
        if quiet and not found:
            return
        if time.monotonic() > deadline:
            trouble = "the stream and the kernel differ:" if quiet else "there is no quiet moment; last seen:"
            raise AssertionError("\n  ".join([trouble, *found[:20]]))
        whole[0].wait(0.05)


def _disagreement(client, kernel, ignore):
    if not client.scope:
        return differences(client.fold.objects, kernel, ignore)
    # iproute2 tells of no link_kind, by which a scope may choose.
    kinds = {row["ifindex"]: row.get("linkinfo", {}).get("info_kind", "none")
             for key, row in kernel.items() if key.startswith("link/")}
    told = {key: {**row, "link_kind": kinds.get(row["ifindex"])} for key, row in kernel.items()}
    wanted = {key: kernel[key] for key in within(told, **client.scope)}
    return [f"{difference} (of the scope {client.scope})"
            for difference in differences(client.fold.objects, wanted, ignore)]
