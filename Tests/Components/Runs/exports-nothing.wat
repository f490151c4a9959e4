;; expect: engine.export.missing
;; words: -
;;
;; No instance of that name.
(component)
