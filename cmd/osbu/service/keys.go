package service

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"osbu/domain"
)

// key is 32 secret bytes in base64.
type key []byte

// UnmarshalText reads base64, with or without padding, standard or URL
// alphabet.
func (k *key) UnmarshalText(text []byte) error {
	plain := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(string(text)), "=")
	raw, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil || len(raw) != 32 {
		return errors.New("want 32 bytes in base64, as from: head -c 32 /dev/urandom | base64")
	}
	*k = raw
	return nil
}

// keyList are the keys of one sealer: the first seals and all open.
type keyList [][]byte

// UnmarshalText reads keys parted by commas.
func (k *keyList) UnmarshalText(text []byte) error {
	for one := range strings.SplitSeq(string(text), ",") {
		var read key
		if err := read.UnmarshalText([]byte(strings.TrimSpace(one))); err != nil {
			return fmt.Errorf("%w; several are parted by commas", err)
		}
		*k = append(*k, read)
	}
	return nil
}

// Secret is a setting that holds keys.
type Secret struct {
	Setting string
	For     string // what the keys are for
	keys    keyList
}

// Count is how many keys there are.
func (s Secret) Count() int { return len(s.keys) }

// Secrets are the settings that hold keys: one for each sort of what is sealed,
// so that none opens another's, and the pepper.
func (s Settings) Secrets() []Secret {
	var pepper keyList
	if s.Pepper != nil {
		pepper = keyList{s.Pepper}
	}
	return []Secret{
		{prefix + "SEAL_ISSUERS", "the keys that sign credentials, under their round's key as well", s.SealIssuers},
		{prefix + "SEAL_LOGS", "the keys that sign public logs", s.SealLogs},
		{prefix + "SEAL_OPENINGS", "lots that are not drawn yet, and the keys that open ballots", s.SealOpenings},
		{prefix + "SEAL_ADDRESSES", "e-mail addresses, and what e-mails carry", s.SealAddresses},
		{prefix + "SEAL_SESSIONS", "sign-ins under way", s.SealSessions},
		{prefix + "PEPPER", "the hashes of identity codes", pepper},
	}
}

// RoundKeysLeft are the rounds whose key has not been destroyed.
func (s Settings) RoundKeysLeft() ([]string, error) { return roundKeys{dir: s.RoundKeys}.left() }

// checkSecrets refuses a key that stands in two places: who learns what opens
// one sort of secret would open another as well.
func (s Settings) checkSecrets() (problems []error) {
	seen := map[string]string{}
	for _, secret := range s.Secrets() {
		for _, key := range secret.keys {
			if other, ok := seen[string(key)]; ok {
				problems = append(problems, fmt.Errorf(
					"%s: want keys that stand nowhere else, and one stands in %s as well", secret.Setting, other,
				))
			}
			seen[string(key)] = secret.Setting
		}
	}
	return problems
}

// needSecrets is for commands that refer to people or hold issuer keys.
func (s Settings) needSecrets() error {
	var problems []error
	for _, secret := range s.Secrets() {
		if secret.Count() == 0 {
			problems = append(problems, fmt.Errorf(
				"%s is not set: want 32 bytes in base64, kept for as long as the data", secret.Setting,
			))
		}
	}
	return errors.Join(problems...)
}

// wrapping is where each round's own key lies.
func (s Settings) wrapping() (roundKeys, error) {
	sealer, err := domain.NewSealer(s.SealIssuers...)
	return roundKeys{dir: s.RoundKeys, issuer: sealer}, err
}
