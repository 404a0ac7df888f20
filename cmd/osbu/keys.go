package main

import (
	"fmt"

	"osbu/cmd/osbu/service"
)

type listKeys struct{}

// Run prints a line for each setting that holds keys and for each round that
// has one, and no key.
func (listKeys) Run(s service.Settings) error {
	rounds, err := s.RoundKeysLeft()
	if err != nil {
		return err
	}
	for _, secret := range s.Secrets() {
		fmt.Printf("%s: %s, for %s\n", secret.Setting, counted(secret.Count()), secret.For)
	}
	if s.RoundKeys == "" {
		fmt.Println("OSBU_ROUND_KEYS: not set, so that no round can be frozen")
		return nil
	}
	fmt.Printf("OSBU_ROUND_KEYS: %s, for issuer keys until their vote closes\n", counted(len(rounds)))
	for _, id := range rounds {
		fmt.Printf("round %s: its key is there\n", id)
	}
	return nil
}

func counted(keys int) string {
	switch keys {
	case 0:
		return "no key"
	case 1:
		return "1 key"
	default:
		return fmt.Sprintf("%d keys", keys)
	}
}
