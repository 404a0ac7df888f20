// Package account is who is signed in: people, their roles, sessions, and how the identity provider's claims become a person.
package account

// Ref is how the office refers to a person: HMAC-SHA-256 of the identity code under the pepper from the settings. The code itself is never kept.
type Ref [32]byte
