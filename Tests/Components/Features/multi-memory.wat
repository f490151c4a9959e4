;; expect: accepted
;; feature: multi-memory
;; words: -
;;
;; The code for a call between two components works on both memories. Admission refuses it in a guest.
(component (core module (memory 1) (memory 1)))
