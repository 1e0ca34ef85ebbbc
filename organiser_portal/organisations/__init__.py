"""The tenant: organisations, people, roles, invitations, the audit trail."""
